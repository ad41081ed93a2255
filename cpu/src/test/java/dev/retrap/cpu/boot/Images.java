package dev.retrap.cpu.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The test images beside this package's tests; how they are built says make.sh there. */
final class Images {
    private Images() {}

    /** A fresh copy of an image's bytes. */
    static byte[] bytes(String name) {
        try (InputStream in = Images.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ByteBuffer view(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
