package dev.retrap.cpu.simd;

import dev.retrap.cpu.core.Cpu;
import dev.retrap.cpu.core.Exec;
import dev.retrap.cpu.isa.Insn;
import dev.retrap.cpu.isa.Op;

/** Floating-point instructions that add across lanes: HADDPx, HSUBPx, ADDSUBPx, DPPS, DPPD. */
final class FloatAcross {
    private static final long LOW = 0xFFFFFFFFL;

    /** What the two quadwords of the source do to those of the destination; may end the context on the way. */
    private abstract static class Body implements Exec {
        final FloatContext x = new FloatContext();
        /** The result. */
        long lo;
        long hi;

        abstract void apply(Cpu c, long a, long b, long s, long t);

        @Override
        public void exec(Cpu c, Insn n) {
            Access.sse(c);
            long[] v = c.fpu.xmm;
            long s;
            long t;
            if (n.memAt < 0) {
                s = v[n.r1 << 1];
                t = v[(n.r1 << 1) + 1];
            } else {
                long la = Access.operand(c, n);
                s = c.mmu.load64(la);
                t = c.mmu.load64(Access.second(c, la));
            }
            int d = n.r0 << 1;
            x.begin(c.fpu.mxcsr);
            apply(c, v[d], v[d + 1], s, t);
            x.end(c);
            v[d] = lo;
            v[d + 1] = hi;
        }
    }

    private FloatAcross() {}

    static Exec bind(Op op, Insn i) {
        return switch (op) {
            case HADDPS -> neighbours(Singles::add);
            case HSUBPS -> neighbours(Singles::subtract);
            case HADDPD -> halves(Doubles::add);
            case HSUBPD -> halves(Doubles::subtract);
            case ADDSUBPS -> new Body() {
                @Override
                void apply(Cpu c, long a, long b, long s, long t) {
                    lo = subtractAdd(a, s, x);
                    hi = subtractAdd(b, t, x);
                }
            };
            case ADDSUBPD -> new Body() {
                @Override
                void apply(Cpu c, long a, long b, long s, long t) {
                    lo = Doubles.subtract(a, s, x);
                    hi = Doubles.add(b, t, x);
                }
            };
            case DPPS -> new SingleDot((int) i.imm);
            case DPPD -> new DoubleDot((int) i.imm);
            default -> null;
        };
    }

    private static long subtractAdd(long a, long s, FloatContext x) {
        return Singles.subtract(a & LOW, s & LOW, x) | Singles.add(a >>> 32, s >>> 32, x) << 32;
    }

    private static Exec neighbours(FloatBinary.Lanes f) {
        return new Body() {
            @Override
            void apply(Cpu c, long a, long b, long s, long t) {
                lo = f.apply(a & LOW, a >>> 32, x) | f.apply(b & LOW, b >>> 32, x) << 32;
                hi = f.apply(s & LOW, s >>> 32, x) | f.apply(t & LOW, t >>> 32, x) << 32;
            }
        };
    }

    private static Exec halves(FloatBinary.Lanes f) {
        return new Body() {
            @Override
            void apply(Cpu c, long a, long b, long s, long t) {
                lo = f.apply(a, b, x);
                hi = f.apply(s, t, x);
            }
        };
    }

    /** Immediate 7:4 the lanes multiplied, 3:0 those that receive the sum; #XM may come after each step. */
    private static final class SingleDot extends Body {
        private final int imm;

        SingleDot(int imm) {
            this.imm = imm;
        }

        private long product(int lane, long a, long b) {
            return (imm >> 4 + lane & 1) != 0 ? Singles.multiply(a & LOW, b & LOW, x) : 0;
        }

        @Override
        void apply(Cpu c, long a, long b, long s, long t) {
            long p0 = product(0, a, s);
            long p1 = product(1, a >>> 32, s >>> 32);
            long p2 = product(2, b, t);
            long p3 = product(3, b >>> 32, t >>> 32);
            x.end(c);
            long low = Singles.add(p0, p1, x);
            long high = Singles.add(p2, p3, x);
            x.end(c);
            long sum = Singles.add(low, high, x);
            lo = ((imm & 1) != 0 ? sum : 0) | ((imm & 2) != 0 ? sum << 32 : 0);
            hi = ((imm & 4) != 0 ? sum : 0) | ((imm & 8) != 0 ? sum << 32 : 0);
        }
    }

    /** Immediate 5:4 the lanes multiplied, 1:0 those that receive the sum; #XM may come after each step. */
    private static final class DoubleDot extends Body {
        private final int imm;

        DoubleDot(int imm) {
            this.imm = imm;
        }

        @Override
        void apply(Cpu c, long a, long b, long s, long t) {
            long p0 = (imm & 0x10) != 0 ? Doubles.multiply(a, s, x) : 0;
            long p1 = (imm & 0x20) != 0 ? Doubles.multiply(b, t, x) : 0;
            x.end(c);
            long sum = Doubles.add(p0, p1, x);
            lo = (imm & 1) != 0 ? sum : 0;
            hi = (imm & 2) != 0 ? sum : 0;
        }
    }
}
