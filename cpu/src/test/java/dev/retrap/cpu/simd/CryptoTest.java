package dev.retrap.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrap.cpu.isa.CodeMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.SplittableRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Whole ciphers and digests made of the instructions, against those of the JDK. */
class CryptoTest {
    private static final int ROUNDS = 10;

    private final Trial t = new Trial(CodeMode.CODE64, "zen");

    private void set(int n, byte[] b) {
        var in = ByteBuffer.wrap(b).order(ByteOrder.LITTLE_ENDIAN);
        t.xmm(n, in.getLong(), in.getLong());
    }

    private byte[] get(int n) {
        return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(t.c.fpu.xmm[2 * n]).putLong(t.c.fpu.xmm[2 * n + 1]).array();
    }

    private void run(String code) {
        assertThat(t.run(code)).isEqualTo(Trial.OK);
    }

    /** The key schedule of AES-128, each step as software does it. */
    private byte[][] schedule(byte[] key) {
        var keys = new byte[ROUNDS + 1][];
        keys[0] = key;
        for (int i = 0, rcon = 1; i < ROUNDS; i++, rcon = rcon < 0x80 ? rcon << 1 : 0x1B) {
            set(1, keys[i]);
            run("660F3ADFD1%02X".formatted(rcon));
            run("660F70D2FF");
            for (int k = 0; k < 3; k++) {
                run("660F6FD9");
                run("660F73FB04");
                run("660FEFCB");
            }
            run("660FEFCA");
            keys[i + 1] = get(1);
        }
        return keys;
    }

    @Test
    void aes() throws GeneralSecurityException {
        var d = new SplittableRandom(5);
        for (int n = 0; n < 50; n++) {
            var key = new byte[16];
            var text = new byte[16];
            d.nextBytes(key);
            d.nextBytes(text);
            byte[][] keys = schedule(key);
            set(0, text);
            set(1, keys[0]);
            run("660FEFC1");
            for (int i = 1; i <= ROUNDS; i++) {
                set(1, keys[i]);
                run(i < ROUNDS ? "660F38DCC1" : "660F38DDC1");
            }
            byte[] encrypted = get(0);
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
            assertThat(encrypted).isEqualTo(cipher.doFinal(text));
            set(1, keys[ROUNDS]);
            run("660FEFC1");
            for (int i = ROUNDS - 1; i >= 0; i--) {
                set(1, keys[i]);
                if (i > 0) {
                    run("660F38DBC9");
                }
                run(i > 0 ? "660F38DEC1" : "660F38DFC1");
            }
            assertThat(get(0)).isEqualTo(text);
        }
    }

    private static final int[] K256 = new int[64];

    static {
        // Fractions of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2).
        for (int n = 0, p = 2; n < 64; p++) {
            if (java.math.BigInteger.valueOf(p).isProbablePrime(20)) {
                K256[n++] = (int) (long) (Math.cbrt(p) % 1 * 0x1p32);
            }
        }
    }

    /** One block, message schedule and rounds by the instructions. */
    @Test
    void sha256() throws GeneralSecurityException {
        byte[] message = "sixteen more bytes, and then some to fill it".getBytes();
        byte[] block = padded(message);
        var w = new int[64];
        words(block, w);
        for (int i = 16; i < 64; i += 4) {
            setWords(0, w, i - 16);
            setWords(1, w, i - 12);
            run("0F38CCC1");
            t.xmm(2, pair(w[i - 7], w[i - 6]), pair(w[i - 5], w[i - 4]));
            run("660FFEC2");
            setWords(1, w, i - 4);
            run("0F38CDC1");
            getWords(0, w, i);
        }
        int[] h = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
        t.xmm(1, pair(h[5], h[4]), pair(h[1], h[0]));
        t.xmm(2, pair(h[7], h[6]), pair(h[3], h[2]));
        for (int i = 0; i < 64; i += 4) {
            t.xmm(0, pair(w[i] + K256[i], w[i + 1] + K256[i + 1]), 0);
            run("0F38CBD1");
            t.xmm(0, pair(w[i + 2] + K256[i + 2], w[i + 3] + K256[i + 3]), 0);
            run("0F38CBCA");
        }
        long[] x = t.c.fpu.xmm;
        int[] s = {(int) (x[3] >>> 32), (int) x[3], (int) (x[5] >>> 32), (int) x[5], (int) (x[2] >>> 32), (int) x[2],
            (int) (x[4] >>> 32), (int) x[4]};
        assertThat(sum(h, s)).isEqualTo(MessageDigest.getInstance("SHA-256").digest(message));
    }

    @Test
    void sha1() throws GeneralSecurityException {
        byte[] message = "a message of one block".getBytes();
        var w = new int[80];
        words(padded(message), w);
        for (int i = 16; i < 80; i += 4) {
            setReversed(0, w, i - 16);
            setReversed(1, w, i - 12);
            run("0F38C9C1");
            setReversed(2, w, i - 8);
            run("660FEFC2");
            setReversed(1, w, i - 4);
            run("0F38CAC1");
            getReversed(0, w, i);
        }
        int[] h = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
        t.xmm(0, pair(h[3], h[2]), pair(h[1], h[0]));
        // The first E is added as it is, the others by SHA1NEXTE from the A of four rounds before.
        for (int i = 0; i < 80; i += 4) {
            setReversed(1, w, i);
            if (i == 0) {
                t.c.fpu.xmm[3] += (long) h[4] << 32;
            } else {
                run("0F38C8D1");
                run("660F6FCA");
            }
            run("660F6FD0");
            run("0F3ACCC1%02X".formatted(i / 20));
        }
        t.xmm(1, 0, 0);
        run("0F38C8D1");
        long[] x = t.c.fpu.xmm;
        int[] s = {(int) (x[1] >>> 32), (int) x[1], (int) (x[0] >>> 32), (int) x[0], (int) (x[5] >>> 32)};
        assertThat(sum(h, s)).isEqualTo(MessageDigest.getInstance("SHA-1").digest(message));
    }

    private static byte[] padded(byte[] message) {
        var block = new byte[64];
        System.arraycopy(message, 0, block, 0, message.length);
        block[message.length] = (byte) 0x80;
        ByteBuffer.wrap(block).putLong(56, 8L * message.length);
        return block;
    }

    private static void words(byte[] block, int[] w) {
        ByteBuffer.wrap(block).asIntBuffer().get(w, 0, 16);
    }

    private static long pair(int low, int high) {
        return low & 0xFFFFFFFFL | (long) high << 32;
    }

    private void setWords(int n, int[] w, int at) {
        t.xmm(n, pair(w[at], w[at + 1]), pair(w[at + 2], w[at + 3]));
    }

    private void getWords(int n, int[] w, int at) {
        for (int k = 0; k < 4; k++) {
            w[at + k] = (int) (t.c.fpu.xmm[2 * n + k / 2] >>> k % 2 * 32);
        }
    }

    private void setReversed(int n, int[] w, int at) {
        t.xmm(n, pair(w[at + 3], w[at + 2]), pair(w[at + 1], w[at]));
    }

    private void getReversed(int n, int[] w, int at) {
        for (int k = 0; k < 4; k++) {
            w[at + 3 - k] = (int) (t.c.fpu.xmm[2 * n + k / 2] >>> k % 2 * 32);
        }
    }

    private static byte[] sum(int[] h, int[] s) {
        var digest = ByteBuffer.allocate(4 * h.length);
        for (int i = 0; i < h.length; i++) {
            digest.putInt(h[i] + s[i]);
        }
        return digest.array();
    }
}
