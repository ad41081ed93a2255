package dev.retrap.cpu.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DecoderTest {
    private static Insn decode(CodeMode mode, String hex, long ip) {
        byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
        return Decoder.decode(mode, code, 0, code.length, ip);
    }

    private static Insn d16(String hex) {
        return decode(CodeMode.CODE16, hex, 0x100);
    }

    private static Insn d32(String hex) {
        return decode(CodeMode.CODE32, hex, 0x1000);
    }

    private static Insn d64(String hex) {
        return decode(CodeMode.CODE64, hex, 0x40_0000);
    }

    @Nested
    class Operands {
        @Test
        void registersByPosition() {
            Insn mov = d64("4d 89 c8");
            assertThat(mov.op).isEqualTo(Op.MOV);
            assertThat(mov.opSize).isEqualTo((byte) 64);
            assertThat(mov.r0).isEqualTo((byte) 8);
            assertThat(mov.r1).isEqualTo((byte) 9);
            assertThat(mov.mem()).isFalse();
            assertThat(mov.length).isEqualTo((byte) 3);
            assertThat(mov.next).isEqualTo(0x40_0003);
        }

        @Test
        void highByteRegistersStartAtSixteen() {
            assertThat(d32("88 e0").r1).isEqualTo((byte) 16);
            assertThat(d64("88 e0").r1).isEqualTo((byte) 16);
            assertThat(d64("40 88 e0").r1).isEqualTo((byte) 4);
            assertThat(d64("41 88 f8").r0).isEqualTo((byte) 8);
            assertThat(d32("b7 12").r0).isEqualTo((byte) 19);
        }

        @Test
        void fixedRegistersAreGiven() {
            assertThat(d32("d3 e0").r1).isEqualTo((byte) 1);
            assertThat(d32("ec").r0).isZero();
            assertThat(d32("ec").r1).isEqualTo((byte) 2);
            assertThat(d32("ee").r0).isEqualTo((byte) 2);
            assertThat(d32("05 01000000").r0).isZero();
            assertThat(d32("d1 e0").imm).isEqualTo(1);
            assertThat(d32("1e").r0).isEqualTo((byte) 3);
        }

        @Test
        void operandSizes() {
            assertThat(d32("ee").opSize).isEqualTo((byte) 8);
            assertThat(d32("ef").opSize).isEqualTo((byte) 32);
            assertThat(d32("66 ef").opSize).isEqualTo((byte) 16);
            assertThat(d64("48 ef").opSize).isEqualTo((byte) 32);
            assertThat(d64("48 a5").opSize).isEqualTo((byte) 64);
            assertThat(d64("50").opSize).isEqualTo((byte) 64);
            assertThat(d64("66 50").opSize).isEqualTo((byte) 16);
            assertThat(d64("0f 22 d8").opSize).isEqualTo((byte) 64);
            assertThat(d16("0f 22 d8").opSize).isEqualTo((byte) 32);
            assertThat(d32("8e d8").opSize).isEqualTo((byte) 16);
            assertThat(d32("66 1e").opSize).isEqualTo((byte) 16);
            assertThat(d32("1e").opSize).isEqualTo((byte) 32);
            assertThat(d32("0f b6 c0").opSize).isEqualTo((byte) 32);
            assertThat(d32("d9 00").opSize).isEqualTo((byte) 32);
            assertThat(d32("db 28").opSize).isEqualTo((byte) 80);
            assertThat(d64("66 48 0f 6e c0").opSize).isEqualTo((byte) 64);
            assertThat(d64("f2 0f 38 f0 c1").opSize).isEqualTo((byte) 8);
            assertThat(d64("cf").opSize).isEqualTo((byte) 32);
            assertThat(d64("48 cf").opSize).isEqualTo((byte) 64);
            assertThat(d64("0f 01 10").opSize).isEqualTo((byte) 64);
        }

        @Test
        void immediatesAreExtendedAsUsed() {
            assertThat(d32("83 c0 ff").imm).isEqualTo(-1);
            assertThat(d32("cd 80").imm).isEqualTo(0x80);
            assertThat(d32("c1 e0 ff").imm).isEqualTo(0xFF);
            assertThat(d64("48 05 00000080").imm).isEqualTo(0xFFFF_FFFF_8000_0000L);
            assertThat(d64("48 b8 8877665544332211").imm).isEqualTo(0x1122_3344_5566_7788L);
            assertThat(d32("c2 f0ff").imm).isEqualTo(0xFFF0);
            Insn enter = d32("c8 1000 02");
            assertThat(enter.imm).isEqualTo(0x10);
            assertThat(enter.imm2).isEqualTo(2);
        }

        @Test
        void farPointers() {
            Insn jmp = d16("ea 5be000f0");
            assertThat(jmp.op).isEqualTo(Op.JMP_FAR);
            assertThat(jmp.imm).isEqualTo(0xE05B);
            assertThat(jmp.imm2).isEqualTo(0xF000);
            assertThat(d32("ea 78563412 0800").imm).isEqualTo(0x1234_5678);
        }

        @Test
        void conditions() {
            assertThat(d32("0f 94 c0").cond).isEqualTo((byte) 4);
            assertThat(d32("7f 00").cond).isEqualTo((byte) 15);
            assertThat(d32("0f 4d c1").cond).isEqualTo((byte) 13);
            assertThat(d32("90").cond).isEqualTo((byte) -1);
        }
    }

    @Nested
    class Memory {
        @Test
        void sixteenBitAddressing() {
            Insn i = d16("8b 42 fe");
            assertThat(i.base).isEqualTo((byte) 5);
            assertThat(i.index).isEqualTo((byte) 6);
            assertThat(i.disp).isEqualTo(-2);
            assertThat(i.seg).isEqualTo((byte) Decoder.SS);
            assertThat(i.addrSize).isEqualTo((byte) 16);
            Insn absolute = d16("8b 06 f0ff");
            assertThat(absolute.base).isEqualTo((byte) -1);
            assertThat(absolute.seg).isEqualTo((byte) Decoder.DS);
            assertThat(absolute.disp & 0xFFFF).isEqualTo(0xFFF0);
        }

        @Test
        void scaledIndex() {
            Insn i = d64("43 8b 44 e5 10");
            assertThat(i.base).isEqualTo((byte) 13);
            assertThat(i.index).isEqualTo((byte) 12);
            assertThat(i.scale).isEqualTo((byte) 3);
            assertThat(i.disp).isEqualTo(16);
            assertThat(i.memAt).isEqualTo((byte) 1);
            assertThat(d32("8b 04 24").index).isEqualTo((byte) -1);
        }

        @Test
        void defaultSegments() {
            assertThat(d32("8b 45 00").seg).isEqualTo((byte) Decoder.SS);
            assertThat(d32("8b 04 24").seg).isEqualTo((byte) Decoder.SS);
            assertThat(d32("8b 05 00000000").seg).isEqualTo((byte) Decoder.DS);
            assertThat(d64("41 8b 45 00").seg).isEqualTo((byte) Decoder.DS);
            assertThat(d32("3e 8b 45 00").seg).isEqualTo((byte) Decoder.DS);
            assertThat(d32("65 8b 00").segOverride).isEqualTo((byte) Decoder.GS);
        }

        @Test
        void flatSegmentOverridesHaveNoEffectInLongMode() {
            Insn i = d64("64 2e 8b 00");
            assertThat(i.seg).isEqualTo((byte) Decoder.FS);
            assertThat(d64("3e 8b 45 00").seg).isEqualTo((byte) Decoder.SS);
            assertThat(d64("3e 8b 45 00").segOverride).isEqualTo((byte) -1);
        }

        @Test
        void ripRelativeIsFoldedAfterTheImmediate() {
            Insn i = d64("c7 05 10000000 78563412");
            assertThat(i.ripRelative).isTrue();
            assertThat(i.base).isEqualTo((byte) -1);
            assertThat(i.disp).isEqualTo(0x40_0000 + 10 + 0x10);
            assertThat(decode(CodeMode.CODE64, "67 8b 05 f0ffffff", 0).disp).isEqualTo(0xFFFF_FFF7L);
        }

        @Test
        void stringsNameTheirSegmentOnly() {
            assertThat(d32("65 a5").seg).isEqualTo((byte) Decoder.GS);
            assertThat(d32("65 ab").seg).isEqualTo((byte) Decoder.ES);
            assertThat(d32("a5").mem()).isFalse();
            assertThat(d32("f3 a5").rep).isEqualTo(Insn.REP_F3);
            assertThat(d32("f3 f2 a6").rep).isEqualTo(Insn.REP_F2);
        }

        @Test
        void offsets() {
            assertThat(d64("48 a1 8877665544332211").disp).isEqualTo(0x1122_3344_5566_7788L);
            assertThat(d64("67 a1 78563412").length).isEqualTo((byte) 6);
            assertThat(d32("64 a1 28000000").seg).isEqualTo((byte) Decoder.FS);
        }

        @Test
        void xlat() {
            Insn i = d32("2e d7");
            assertThat(i.memAt).isZero();
            assertThat(i.base).isEqualTo((byte) 3);
            assertThat(i.seg).isEqualTo((byte) Decoder.CS);
        }
    }

    @Nested
    class Branches {
        @Test
        void targetsAreTruncatedByOperandSize() {
            assertThat(decode(CodeMode.CODE16, "eb fe", 0).imm).isZero();
            assertThat(decode(CodeMode.CODE16, "eb 80", 0x10).imm).isEqualTo(0xFF92);
            assertThat(decode(CodeMode.CODE32, "eb 80", 0x10).imm).isEqualTo(0xFFFF_FF92L);
            assertThat(decode(CodeMode.CODE64, "eb 80", 0x10).imm).isEqualTo(-0x6EL);
            assertThat(decode(CodeMode.CODE32, "66 eb 00", 0x1_0000).imm).isEqualTo(3);
        }

        @Test
        void vendorsDifferOverOperandSizeInLongMode() {
            byte[] call = HexFormat.of().parseHex("66e811223344");
            Insn intel = Decoder.decode(CodeMode.CODE64, call, 0, 6, 0);
            assertThat(intel.length).isEqualTo((byte) 6);
            assertThat(intel.opSize).isEqualTo((byte) 64);
            Insn amd = Decoder.decode(CodeMode.CODE64, true, call, 0, 6, 0);
            assertThat(amd.length).isEqualTo((byte) 4);
            assertThat(amd.opSize).isEqualTo((byte) 16);
            assertThat(amd.imm).isEqualTo(0x2215);
        }

        @Test
        void nextWrapsByMode() {
            assertThat(decode(CodeMode.CODE16, "90", 0xFFFF).next).isZero();
            assertThat(decode(CodeMode.CODE32, "90", 0xFFFF_FFFFL).next).isZero();
            assertThat(decode(CodeMode.CODE64, "90", 0xFFFF_FFFFL).next).isEqualTo(0x1_0000_0000L);
        }
    }

    @Nested
    class Undefined {
        @Test
        void lockNeedsALockableFormAndAMemoryDestination() {
            assertThat(d32("f0 01 00").op).isEqualTo(Op.ADD);
            assertThat(d32("f0 01 c0").op).isEqualTo(Op.INVALID);
            assertThat(d32("f0 03 00").op).isEqualTo(Op.INVALID);
            assertThat(d32("f0 89 00").op).isEqualTo(Op.INVALID);
            assertThat(d32("f0 89 00").form.op()).isEqualTo(Op.MOV);
            assertThat(d32("f0 87 00").op).isEqualTo(Op.XCHG);
        }

        @Test
        void lockedMoveOfCr0IsCr8OnAmd() {
            byte[] code = HexFormat.of().parseHex("f00f20c0");
            assertThat(Decoder.decode(CodeMode.CODE32, code, 0, 4, 0).op).isEqualTo(Op.INVALID);
            Insn amd = Decoder.decode(CodeMode.CODE32, true, code, 0, 4, 0);
            assertThat(amd.op).isEqualTo(Op.MOV_FROM_CR);
            assertThat(amd.r1).isEqualTo((byte) 8);
        }

        @Test
        void segmentRegisters() {
            assertThat(d32("8e c8").op).isEqualTo(Op.INVALID);
            assertThat(d32("8e f0").op).isEqualTo(Op.INVALID);
            assertThat(d32("8c c8").op).isEqualTo(Op.MOV_FROM_SREG);
            assertThat(d32("8c f8").op).isEqualTo(Op.INVALID);
        }

        @Test
        void controlAndDebugRegistersThatDoNotExist() {
            assertThat(d32("0f 20 c8").op).isEqualTo(Op.INVALID);
            assertThat(d64("44 0f 22 c0").op).isEqualTo(Op.MOV_TO_CR);
            assertThat(d64("44 0f 22 c8").op).isEqualTo(Op.INVALID);
            assertThat(d64("0f 23 f8").op).isEqualTo(Op.MOV_TO_DR);
            assertThat(d64("44 0f 23 c0").op).isEqualTo(Op.INVALID);
        }

        @Test
        void byMode() {
            assertThat(d64("06").op).isEqualTo(Op.INVALID);
            assertThat(d64("27").op).isEqualTo(Op.INVALID);
            assertThat(d32("27").op).isEqualTo(Op.DAA);
            assertThat(d32("0f 01 f8").op).isEqualTo(Op.INVALID);
            assertThat(d64("0f 01 f8").op).isEqualTo(Op.SWAPGS);
            assertThat(d64("63 c0").op).isEqualTo(Op.MOVSXD);
            assertThat(d32("63 c0").op).isEqualTo(Op.ARPL);
        }

        @Test
        void registerWhereMemoryIsNeeded() {
            assertThat(d32("8d c0").op).isEqualTo(Op.INVALID);
            assertThat(d32("0f c7 c8").op).isEqualTo(Op.INVALID);
            assertThat(d32("c4 c0 00 00").op).isEqualTo(Op.INVALID);
        }

        @Test
        void mandatoryPrefixes() {
            assertThat(d32("0f 54 c0").op).isEqualTo(Op.ANDPS);
            assertThat(d32("f3 0f 54 c0").op).isEqualTo(Op.INVALID);
            assertThat(d32("66 f3 0f 10 c0").op).isEqualTo(Op.MOVSS);
            assertThat(d32("f2 f3 0f 10 c0").op).isEqualTo(Op.MOVSS);
            assertThat(d32("f3 f2 0f 10 c0").op).isEqualTo(Op.MOVSD);
            assertThat(d32("66 0f 01 d0").op).isEqualTo(Op.INVALID);
        }

        @Test
        void moreThanFifteenBytes() {
            Insn longest = d32("66 66 66 66 66 66 66 66 66 66 66 66 66 66 90");
            assertThat(longest.op).isEqualTo(Op.NOP);
            assertThat(longest.length).isEqualTo((byte) 15);
            assertThat(d32("66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 90").op).isEqualTo(Op.TOO_LONG);
            assertThat(d32("66 66 66 66 66 66 66 66 66 66 66 66 66 81 c0 0000").op).isEqualTo(Op.TOO_LONG);
            assertThat(d32("66 66 66 66 66 66 66 66 66 66 66 66 66 66")).isNull();
        }
    }

    @Nested
    class Prefixes {
        @Test
        void rexCountsOnlyRightBeforeTheOpcode() {
            Insn i = d64("48 66 89 c0");
            assertThat(i.opSize).isEqualTo((byte) 16);
            assertThat(i.rex).isZero();
            assertThat(i.prefixLength).isEqualTo((byte) 2);
            assertThat(d64("66 48 89 c0").opSize).isEqualTo((byte) 64);
        }

        @Test
        void nopAndItsRelatives() {
            assertThat(d64("90").op).isEqualTo(Op.NOP);
            assertThat(d64("48 90").op).isEqualTo(Op.NOP);
            assertThat(d64("41 90").op).isEqualTo(Op.XCHG);
            assertThat(d64("41 90").r0).isEqualTo((byte) 8);
            assertThat(d64("f3 90").op).isEqualTo(Op.PAUSE);
            assertThat(d32("66 90").op).isEqualTo(Op.NOP);
        }

        @Test
        void vexOnGeneralRegisters() {
            Insn andn = d64("c4 e2 f0 f2 c1");
            assertThat(andn.op).isEqualTo(Op.ANDN);
            assertThat(andn.opSize).isEqualTo((byte) 64);
            assertThat(andn.r1).isEqualTo((byte) 1);
            assertThat(d32("c4 e2 70 f2 c1").op).isEqualTo(Op.ANDN);
            assertThat(d64("66 c4 e2 f0 f2 c1").op).isEqualTo(Op.INVALID);
            assertThat(d64("c4 e2 f4 f2 c1").op).isEqualTo(Op.INVALID);
            assertThat(d64("c4 e3 7b f0 c1 05").op).isEqualTo(Op.RORX);
            assertThat(d64("c4 e3 73 f0 c1 05").op).isEqualTo(Op.INVALID);
        }

        @Test
        void bytesAreKept() {
            Insn i = d64("48 b8 8877665544332211");
            assertThat(i.byteAt(0)).isEqualTo(0x48);
            assertThat(i.byteAt(9)).isEqualTo(0x11);
            assertThat(i.bytesHi).isEqualTo(0x1122);
        }
    }
}
