package dev.retrap.cpu.semantics;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Handlers of the bit instructions up to the 486, the counts, CRC32, ADCX and ADOX: {@link Bits} on operands. */
final class BitOperations {
    private BitOperations() {}

    static Exec bind(Op op) {
        return switch (op) {
            case BT -> BitOperations::bt;
            case BTS -> (c, x) -> change(c, x, Op.BTS);
            case BTR -> (c, x) -> change(c, x, Op.BTR);
            case BTC -> (c, x) -> change(c, x, Op.BTC);
            case BSF -> BitOperations::bsf;
            case BSR -> BitOperations::bsr;
            case TZCNT -> BitOperations::tzcnt;
            case LZCNT -> BitOperations::lzcnt;
            case POPCNT -> BitOperations::popcnt;
            case BSWAP -> BitOperations::bswap;
            case CRC32 -> BitOperations::crc32;
            case ADCX -> BitOperations::adcx;
            case ADOX -> BitOperations::adox;
            default -> null;
        };
    }

    // ---------------------------------------------------------------- bit test

    /** The bit index, sign-extended: a register names any bit of a string in memory. */
    private static long index(Cpu c, Insn i) {
        return i.r1 >= 0 ? Operands.signExtend(c.r[i.r1], i.opSize) : i.imm & i.opSize - 1;
    }

    /** Offset of the word, doubleword or quadword that holds bit {@code index} of the string at the operand. */
    private static long offset(Cpu c, Insn i, long index) {
        int bits = i.opSize;
        long words = bits == 16 ? index >> 4 << 1 : bits == 32 ? index >> 5 << 2 : index >> 6 << 3;
        return c.ea(i) + words & Operands.addressMask(i);
    }

    private static void bt(Cpu c, Insn i) {
        int bits = i.opSize;
        long index = index(c, i);
        long a = i.mem() ? Operands.load(c, i.seg, offset(c, i, index), bits) : c.r[i.r0];
        c.flagAux = Alu.withCf(c.flagAux, Bits.bt(a, (int) index & bits - 1));
    }

    private static void change(Cpu c, Insn i, Op op) {
        int bits = i.opSize;
        long index = index(c, i);
        int bit = (int) index & bits - 1;
        long la = i.mem() ? Operands.target(c, i.seg, offset(c, i, index), bits) : 0;
        long a = i.mem() ? Operands.loadLinear(c, la, bits) : c.r[i.r0];
        long r = switch (op) {
            case BTS -> Bits.bts(a, bit);
            case BTR -> Bits.btr(a, bit);
            default -> Bits.btc(a, bit);
        };
        if (i.mem()) {
            Operands.storeLinear(c, la, bits, r);
        } else {
            Operands.set(c, i, bits, r);
        }
        c.flagAux = Alu.withCf(c.flagAux, Bits.bt(a, bit));
    }

    // ---------------------------------------------------------------- scans and counts

    private static void bsf(Cpu c, Insn i) {
        long s = Operands.get(c, i, 1, i.opSize);
        scanned(c, i, s, s == 0 ? 0 : Bits.scanForward(s));
    }

    private static void bsr(Cpu c, Insn i) {
        long s = Operands.get(c, i, 1, i.opSize);
        scanned(c, i, s, s == 0 ? 0 : Bits.scanReverse(s));
    }

    private static void scanned(Cpu c, Insn i, long s, int index) {
        if (s != 0) {
            Operands.set(c, i, i.opSize, index);
        }
        c.flags(Bits.resScan(s, index), 0);
    }

    private static void tzcnt(Cpu c, Insn i) {
        long s = Operands.get(c, i, 1, i.opSize);
        counted(c, i, Bits.tzcnt(s, i.opSize), Bits.auxCount(c.flagAux, s));
    }

    private static void lzcnt(Cpu c, Insn i) {
        long s = Operands.get(c, i, 1, i.opSize);
        counted(c, i, Bits.lzcnt(s, i.opSize), Bits.auxCount(c.flagAux, s));
    }

    private static void popcnt(Cpu c, Insn i) {
        counted(c, i, Bits.popcnt(Operands.get(c, i, 1, i.opSize)), Bits.AUX_POPCNT);
    }

    private static void counted(Cpu c, Insn i, int count, int aux) {
        Operands.set(c, i, i.opSize, count);
        c.flags(Bits.resCount(count), aux);
    }

    private static void bswap(Cpu c, Insn i) {
        switch (i.opSize) {
            case 16 -> c.r16(i.r0, 0);
            case 32 -> c.r32(i.r0, Bits.bswap32((int) c.r[i.r0]));
            default -> c.r[i.r0] = Bits.bswap64(c.r[i.r0]);
        }
    }

    private static void crc32(Cpu c, Insn i) {
        int bits = Operands.bits(i, 1);
        c.r32(i.r0, Crc32c.update((int) c.r[i.r0], Operands.get(c, i, 1, bits), bits));
    }

    // ---------------------------------------------------------------- ADX

    private static void adcx(Cpu c, Insn i) {
        int carry = addWithCarry(c, i, c.cf());
        c.flagAux = Alu.withCf(c.flagAux, carry);
    }

    private static void adox(Cpu c, Insn i) {
        int carry = addWithCarry(c, i, (c.flagAux ^ c.flagAux << 1) >>> 31);
        c.flagAux = Alu.withOf(c.flagAux, carry);
    }

    /** Adds to the register operand, flags untouched; the carry out. */
    private static int addWithCarry(Cpu c, Insn i, int carry) {
        long b = Operands.get(c, i, 1, i.opSize);
        long a = c.r[i.r0];
        if (i.opSize == 64) {
            long r = Alu.adc64(a, b, carry);
            c.r[i.r0] = r;
            return (int) ((a & b | (a | b) & ~r) >>> 63);
        }
        long sum = (a & 0xFFFFFFFFL) + b + carry;
        c.r[i.r0] = sum & 0xFFFFFFFFL;
        return (int) (sum >>> 32);
    }
}
