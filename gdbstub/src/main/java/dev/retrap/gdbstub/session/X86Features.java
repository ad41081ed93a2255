package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Reg;
import dev.retrap.gdbstub.session.Register.Source;
import java.util.ArrayList;
import java.util.List;

/** What the descriptions of 32-bit and 64-bit machines share: types and registers of GDB manual's "i386 Features". */
final class X86Features {
    /** No register group of our choice. */
    static final String NONE = "";
    /** gdb's group of system registers. */
    static final String SYSTEM = "system";

    static final String EFLAGS = flags("i386_eflags", 4,
            "CF 0 PF 2 AF 4 ZF 6 SF 7 TF 8 IF 9 DF 10 OF 11 NT 14 RF 16 VM 17 AC 18 VIF 19 VIP 20 ID 21");
    static final String MXCSR = flags("i386_mxcsr", 4,
            "IE 0 DE 1 ZE 2 OE 3 UE 4 PE 5 DAZ 6 IM 7 DM 8 ZM 9 OM 10 UM 11 PM 12 FZ 15");
    static final String VECTOR_TYPES = """
                <vector id="v4f" type="ieee_single" count="4"/>
                <vector id="v2d" type="ieee_double" count="2"/>
                <vector id="v16i8" type="int8" count="16"/>
                <vector id="v8i16" type="int16" count="8"/>
                <vector id="v4i32" type="int32" count="4"/>
                <vector id="v2i64" type="int64" count="2"/>
                <union id="vec128">
                  <field name="v4_float" type="v4f"/>
                  <field name="v2_double" type="v2d"/>
                  <field name="v16_int8" type="v16i8"/>
                  <field name="v8_int16" type="v8i16"/>
                  <field name="v4_int32" type="v4i32"/>
                  <field name="v2_int64" type="v2i64"/>
                  <field name="uint128" type="uint128"/>
                </union>
            """;

    private static final String CR0_BITS = "PE 0 MP 1 EM 2 TS 3 ET 4 NE 5 WP 16 AM 18 NW 29 CD 30 PG 31";
    private static final String CR4_BITS = "VME 0 PVI 1 TSD 2 DE 3 PSE 4 PAE 5 MCE 6 PGE 7 PCE 8 OSFXSR 9 "
            + "OSXMMEXCPT 10 UMIP 11 FSGSBASE 16 PCIDE 17 OSXSAVE 18 SMEP 20 SMAP 21";
    private static final String EFER_BITS = "SCE 0 LME 8 LMA 10 NXE 11 SVME 12 LMSLE 13 FFXSR 14";

    private X86Features() {}

    /** Types of the control registers, {@code x86_cr0} and so on, so many bytes wide. */
    static String controlTypes(int bytes) {
        return flags("x86_cr0", bytes, CR0_BITS) + flags("x86_cr4", bytes, CR4_BITS)
                + (bytes == 8 ? flags("x86_efer", bytes, EFER_BITS) : "");
    }

    /** Selectors, in gdb's order. */
    static List<Register> selectors() {
        List<Register> list = new ArrayList<>();
        for (Reg r : List.of(Reg.CS, Reg.SS, Reg.DS, Reg.ES, Reg.FS, Reg.GS)) {
            list.add(cpu(r.label(), r, 32, "int32"));
        }
        return list;
    }

    /** The x87 stack and its control registers. */
    static List<Register> x87() {
        List<Register> list = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            list.add(new Register("st" + i, 80, "i387_ext", NONE, new Source.Fx(32 + 16 * i, 10)));
        }
        list.add(control("fctrl", new Source.Fx(0, 2)));
        list.add(control("fstat", new Source.Fx(2, 2)));
        list.add(control("ftag", new Source.TagWord()));
        list.add(control("fiseg", new Source.Fx(12, 2)));
        list.add(control("fioff", new Source.Fx(8, 4)));
        list.add(control("foseg", new Source.Fx(20, 2)));
        list.add(control("fooff", new Source.Fx(16, 4)));
        list.add(control("fop", new Source.Fx(6, 2)));
        return list;
    }

    /** {@code xmm0} and on, and {@code mxcsr}. */
    static List<Register> sse(int count) {
        List<Register> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(new Register("xmm" + i, 128, "vec128", NONE, new Source.Fx(160 + 16 * i, 16)));
        }
        list.add(new Register("mxcsr", 32, "i386_mxcsr", "vector", new Source.Fx(24, 4)));
        return list;
    }

    /** What only a recorded machine has, and the registers of privileged software: so many bits wide. */
    static List<Register> machine(int bits) {
        List<Register> list = new ArrayList<>();
        list.add(new Register("position", 64, "uint64", NONE, new Source.Position()));
        list.add(new Register("event", 64, "uint64", NONE, new Source.NextEvent()));
        list.add(cpu("cpl", Reg.CPL, 32, "int32"));
        list.add(system("cr0", Reg.CR0, bits, "x86_cr0"));
        list.add(system("cr2", Reg.CR2, bits, "data_ptr"));
        list.add(system("cr3", Reg.CR3, bits, "data_ptr"));
        list.add(system("cr4", Reg.CR4, bits, "x86_cr4"));
        for (Reg r : List.of(Reg.CS_BASE, Reg.SS_BASE, Reg.DS_BASE, Reg.ES_BASE)) {
            list.add(system(r.label(), r, bits, "data_ptr"));
        }
        if (bits == 32) {
            list.add(system("fs_base", Reg.FS_BASE, bits, "data_ptr"));
            list.add(system("gs_base", Reg.GS_BASE, bits, "data_ptr"));
        }
        for (Reg r : List.of(Reg.LDTR_BASE, Reg.TR_BASE, Reg.GDTR_BASE, Reg.IDTR_BASE)) {
            list.add(system(r.label(), r, bits, "data_ptr"));
        }
        for (Reg r : List.of(Reg.GDTR_LIMIT, Reg.IDTR_LIMIT, Reg.LDTR, Reg.TR, Reg.SYSENTER_CS)) {
            list.add(system(r.label(), r, 32, "uint32"));
        }
        list.add(system("sysenter_esp", Reg.SYSENTER_ESP, bits, "data_ptr"));
        list.add(system("sysenter_eip", Reg.SYSENTER_EIP, bits, "code_ptr"));
        for (Reg r : List.of(Reg.DR0, Reg.DR1, Reg.DR2, Reg.DR3, Reg.DR6, Reg.DR7)) {
            list.add(system(r.label(), r, bits, "uint" + bits));
        }
        list.add(new Register("tsc", 64, "uint64", SYSTEM, new Source.TimeStamp()));
        return list;
    }

    static Register cpu(String name, Reg reg, int bits, String type) {
        return new Register(name, bits, type, NONE, new Source.Cpu(reg));
    }

    static Register system(String name, Reg reg, int bits, String type) {
        return new Register(name, bits, type, SYSTEM, new Source.Cpu(reg));
    }

    private static Register control(String name, Source source) {
        return new Register(name, 32, "int", "float", source);
    }

    /** A flags type from pairs of name and bit number. */
    private static String flags(String id, int size, String namesAndBits) {
        StringBuilder xml = new StringBuilder("    <flags id=\"%s\" size=\"%d\">\n".formatted(id, size));
        String[] words = namesAndBits.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            xml.append("      <field name=\"%s\" start=\"%s\" end=\"%s\" type=\"bool\"/>\n".formatted(
                    words[i], words[i + 1], words[i + 1]));
        }
        return xml.append("    </flags>\n").toString();
    }
}
