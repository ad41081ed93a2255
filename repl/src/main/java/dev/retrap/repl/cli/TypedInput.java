package dev.retrap.repl.cli;

import dev.retrap.repl.terminal.Io;
import dev.retrap.repl.terminal.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Where a guest's console input comes from: nowhere; a file or pipe, which is there as a whole at power-on, so that two
 * runs are the same; or somebody who types.
 */
final class TypedInput {
    /** Input of a guest nobody types to. */
    static final TypedInput NONE = new TypedInput(new byte[0], null);

    /** End of input on a serial line, as {@code stty eof ^D}. */
    private static final byte CTRL_D = 4;
    private static final int LARGEST = 1 << 24;

    private final byte[] first;
    private final BlockingQueue<byte[]> queue;

    private TypedInput(byte[] first, BlockingQueue<byte[]> queue) {
        this.first = first;
        this.queue = queue;
    }

    /** Standard input, as {@code --interactive} connects it. */
    static TypedInput standardInput(Io io) {
        if (io.inIsTerminal()) {
            return new TypedInput(new byte[0], startReading(io.in()));
        }
        try {
            byte[] all = io.in().readNBytes(LARGEST + 1);
            if (all.length > LARGEST) {
                throw new Trouble("standard input has more than " + LARGEST + " bytes, too much for a console");
            }
            byte[] ended = Arrays.copyOf(all, all.length + 1);
            ended[all.length] = CTRL_D;
            return new TypedInput(ended, null);
        } catch (IOException e) {
            throw new Trouble("standard input cannot be read: " + e.getMessage(), e);
        }
    }

    /** What is there before the guest starts. */
    byte[] atPowerOn() {
        return first;
    }

    /** True if more may come while it runs. */
    boolean isLive() {
        return queue != null;
    }

    /** What has been typed, or null if nothing is within so many nanoseconds. */
    byte[] poll(long nanos) {
        try {
            return queue.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Reads on a thread of its own, for a read cannot be interrupted. */
    private static BlockingQueue<byte[]> startReading(InputStream in) {
        BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
        Thread.ofPlatform().daemon().name("console-input").start(() -> {
            byte[] buffer = new byte[4096];
            while (true) {
                int n;
                try {
                    n = in.read(buffer);
                } catch (IOException e) {
                    n = -1;
                }
                if (n < 0) {
                    queue.add(new byte[] {CTRL_D});
                    return;
                }
                queue.add(Arrays.copyOf(buffer, n));
            }
        });
        return queue;
    }
}
