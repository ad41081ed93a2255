package dev.retrap.cpu.isa;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random encodings: no exception, and what must hold of any instruction. More with -Dretrap.isa.fuzz=10000000. */
class DecoderFuzzTest {
    private static final int COUNT = Integer.getInteger("retrap.isa.fuzz", 1_000_000);
    private static final long SEED = Long.getLong("retrap.isa.seed", System.nanoTime());

    private static final List<Field> FIELDS = Arrays.stream(Insn.class.getFields())
            .filter(f -> !Modifier.isStatic(f.getModifiers())).toList();

    @Test
    void anyBytesDecodeAndPrint() {
        var random = new SplittableRandom(SEED);
        var encoder = new FormEncoder(random);
        List<Form> forms = InstructionTable.forms();
        CodeMode[] modes = CodeMode.values();
        var code = new byte[32];
        for (int n = 0; n < COUNT; n++) {
            CodeMode mode = modes[n % modes.length];
            random.nextBytes(code);
            if (n % 4 != 0) {
                encoder.encode(forms.get(1 + random.nextInt(forms.size() - 1)), mode, code);
            }
            long ip = random.nextLong() & mode.ipMask();
            boolean amd = random.nextBoolean();
            try {
                check(mode, amd, code, ip, n % 32 == 0);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + SEED + ", " + mode + ' ' + HexFormat.of().formatHex(code), e);
            }
        }
    }

    private static void check(CodeMode mode, boolean amd, byte[] code, long ip, boolean thorough) {
        Insn insn = Decoder.decode(mode, amd, code, 0, code.length, ip);
        require(insn.length >= 1 && insn.length <= Decoder.MAX_LENGTH, "length");
        require(insn.next == (ip + insn.length & mode.ipMask()), "next");
        require(insn.op == Op.INVALID || insn.op == Op.TOO_LONG || insn.op == insn.form.op(), "op");
        if (!thorough) {
            return;
        }
        require(!Disassembler.format(insn, Syntax.ATT, SymbolResolver.NONE).isBlank(), "AT&T text");
        require(!Disassembler.format(insn, Syntax.INTEL, SymbolResolver.NONE).isBlank(), "Intel text");
        for (int i = 0; i < insn.length; i++) {
            require(insn.byteAt(i) == (code[i] & 0xFF), "bytes");
            require(Decoder.decode(mode, amd, code, 0, i, ip) == null, "decoded from too few bytes");
        }
        // Bytes after the instruction, and what was decoded before it, have no part in it.
        byte[] exact = Arrays.copyOf(code, insn.length);
        Insn again = Decoder.decode(mode, amd, exact, 0, exact.length, ip);
        for (Field field : FIELDS) {
            try {
                require(field.get(insn).equals(field.get(again)), field.getName());
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
