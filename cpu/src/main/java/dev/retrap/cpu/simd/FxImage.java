package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.FpuState;
import dev.retrap.cpu.fpu.FpuImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** x87, MMX and SSE state as a debugger reads and writes it: an FXSAVE image, without what the instruction leaves out. */
public final class FxImage {
    private FxImage() {}

    /** The state now, {@link FxArea#SIZE} bytes. */
    public static byte[] save(Cpu c) {
        FpuState f = c.fpu;
        ByteBuffer b = ByteBuffer.allocate(FxArea.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        b.putShort(0, (short) f.control).putShort(FxArea.FSW, (short) FpuImage.statusWord(f));
        b.putShort(FxArea.FTW, (short) f.valid).putShort(FxArea.FOP, (short) f.opcode);
        b.putLong(FxArea.FIP, pointer(c, f.ip, f.cs)).putLong(FxArea.FDP, pointer(c, f.dp, f.ds));
        b.putInt(FxArea.MXCSR, f.mxcsr).putInt(FxArea.MXCSR_MASK, Mxcsr.savedMask(c));
        for (int i = 0; i < 8; i++) {
            int r = f.top + i & 7;
            b.putLong(FxArea.ST + 16 * i, f.significand[r]).putShort(FxArea.ST + 16 * i + 8, (short) f.signExponent[r]);
        }
        for (int i = 0; i < f.xmm.length; i++) {
            b.putLong(FxArea.XMM + 8 * i, f.xmm[i]);
        }
        return b.array();
    }

    /** Makes the state that of an image; bits of the control words that are reserved are not taken. */
    public static void load(Cpu c, byte[] image) {
        if (image.length != FxArea.SIZE) {
            throw new IllegalArgumentException("an FXSAVE image has " + FxArea.SIZE + " bytes, not " + image.length);
        }
        FpuState f = c.fpu;
        ByteBuffer b = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        // The image has not room for both the upper half and the selector: what did not change keeps both.
        long ip = b.getLong(FxArea.FIP);
        if (ip != pointer(c, f.ip, f.cs)) {
            f.ip = offset(c, ip);
            f.cs = selector(c, ip);
        }
        long dp = b.getLong(FxArea.FDP);
        if (dp != pointer(c, f.dp, f.ds)) {
            f.dp = offset(c, dp);
            f.ds = selector(c, dp);
        }
        FpuImage.load(f, b.getShort(0) & 0xFFFF, b.getShort(FxArea.FSW) & 0xFFFF);
        f.valid = b.get(FxArea.FTW) & 0xFF;
        f.opcode = b.getShort(FxArea.FOP) & FxArea.OPCODE;
        f.mxcsr = b.getInt(FxArea.MXCSR) & Mxcsr.mask(c);
        for (int i = 0; i < 8; i++) {
            int r = f.top + i & 7;
            f.significand[r] = b.getLong(FxArea.ST + 16 * i);
            f.signExponent[r] = b.getShort(FxArea.ST + 16 * i + 8) & 0xFFFF;
        }
        for (int i = 0; i < f.xmm.length; i++) {
            f.xmm[i] = b.getLong(FxArea.XMM + 8 * i);
        }
    }

    private static long pointer(Cpu c, long offset, int selector) {
        return c.mode64() ? offset : offset & 0xFFFFFFFFL | (long) selector << 32;
    }

    private static long offset(Cpu c, long pointer) {
        return c.mode64() ? FxArea.canonical(c, pointer) : pointer & 0xFFFFFFFFL;
    }

    private static int selector(Cpu c, long pointer) {
        return c.mode64() ? 0 : (int) (pointer >>> 32) & 0xFFFF;
    }
}
