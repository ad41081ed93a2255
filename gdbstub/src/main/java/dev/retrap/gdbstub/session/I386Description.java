package dev.retrap.gdbstub.session;

import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.Reg;
import dev.retrap.cpu.isa.Feature;
import dev.retrap.gdbstub.session.Register.Source;
import java.util.ArrayList;
import java.util.List;

/**
 * A 32-bit machine: the features gdb requires of an i386 GNU/Linux target (GDB manual, node "i386 Features"), and
 * {@code dev.retrap.machine} with what only a machine has.
 */
final class I386Description {
    private static final String NONE = "";
    private static final String SYSTEM = "system";

    private static final String EFLAGS = flags("i386_eflags", 4,
            "CF 0 PF 2 AF 4 ZF 6 SF 7 TF 8 IF 9 DF 10 OF 11 NT 14 RF 16 VM 17 AC 18 VIF 19 VIP 20 ID 21");
    private static final String MXCSR = flags("i386_mxcsr", 4,
            "IE 0 DE 1 ZE 2 OE 3 UE 4 PE 5 DAZ 6 IM 7 DM 8 ZM 9 OM 10 UM 11 PM 12 FZ 15");
    private static final String CR0 = flags("i386_cr0", 4,
            "PE 0 MP 1 EM 2 TS 3 ET 4 NE 5 WP 16 AM 18 NW 29 CD 30 PG 31");
    private static final String CR4 = flags("i386_cr4", 4,
            "VME 0 PVI 1 TSD 2 DE 3 PSE 4 PAE 5 MCE 6 PGE 7 PCE 8 OSFXSR 9 OSXMMEXCPT 10 UMIP 11 SMEP 20 SMAP 21");
    private static final String VECTOR_TYPES = """
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

    private I386Description() {}

    /** The description of a machine with this processor. */
    static TargetDescription of(CpuModel cpu) {
        List<TargetDescription.Feature> features = new ArrayList<>();
        features.add(new TargetDescription.Feature("org.gnu.gdb.i386.core", EFLAGS, core(), true));
        if (cpu.has(Feature.SSE)) {
            features.add(new TargetDescription.Feature("org.gnu.gdb.i386.sse", VECTOR_TYPES + MXCSR, sse(), true));
        }
        features.add(new TargetDescription.Feature("org.gnu.gdb.i386.linux", "",
                List.of(new Register("orig_eax", 32, "int", NONE, new Source.OrigAx())), false));
        features.add(new TargetDescription.Feature("dev.retrap.machine", CR0 + CR4, machine(), false));
        return new TargetDescription("i386", "GNU/Linux", features);
    }

    private static List<Register> core() {
        List<Register> list = new ArrayList<>();
        list.add(cpu("eax", Reg.RAX, "int32"));
        list.add(cpu("ecx", Reg.RCX, "int32"));
        list.add(cpu("edx", Reg.RDX, "int32"));
        list.add(cpu("ebx", Reg.RBX, "int32"));
        list.add(cpu("esp", Reg.RSP, "data_ptr"));
        list.add(cpu("ebp", Reg.RBP, "data_ptr"));
        list.add(cpu("esi", Reg.RSI, "int32"));
        list.add(cpu("edi", Reg.RDI, "int32"));
        list.add(cpu("eip", Reg.RIP, "code_ptr"));
        list.add(cpu("eflags", Reg.RFLAGS, "i386_eflags"));
        for (Reg r : List.of(Reg.CS, Reg.SS, Reg.DS, Reg.ES, Reg.FS, Reg.GS)) {
            list.add(cpu(r.label(), r, "int32"));
        }
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

    private static List<Register> sse() {
        List<Register> list = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            list.add(new Register("xmm" + i, 128, "vec128", NONE, new Source.Fx(160 + 16 * i, 16)));
        }
        list.add(new Register("mxcsr", 32, "i386_mxcsr", "vector", new Source.Fx(24, 4)));
        return list;
    }

    private static List<Register> machine() {
        List<Register> list = new ArrayList<>();
        list.add(new Register("position", 64, "uint64", NONE, new Source.Position()));
        list.add(new Register("event", 64, "uint64", NONE, new Source.NextEvent()));
        list.add(cpu("cpl", Reg.CPL, "int32"));
        list.add(system("cr0", Reg.CR0, "i386_cr0"));
        list.add(system("cr2", Reg.CR2, "data_ptr"));
        list.add(system("cr3", Reg.CR3, "data_ptr"));
        list.add(system("cr4", Reg.CR4, "i386_cr4"));
        for (Reg r : List.of(Reg.CS_BASE, Reg.SS_BASE, Reg.DS_BASE, Reg.ES_BASE, Reg.FS_BASE, Reg.GS_BASE,
                Reg.LDTR_BASE, Reg.TR_BASE, Reg.GDTR_BASE, Reg.IDTR_BASE)) {
            list.add(system(r.label(), r, "data_ptr"));
        }
        for (Reg r : List.of(Reg.GDTR_LIMIT, Reg.IDTR_LIMIT, Reg.LDTR, Reg.TR, Reg.SYSENTER_CS)) {
            list.add(system(r.label(), r, "uint32"));
        }
        list.add(system("sysenter_esp", Reg.SYSENTER_ESP, "data_ptr"));
        list.add(system("sysenter_eip", Reg.SYSENTER_EIP, "code_ptr"));
        for (Reg r : List.of(Reg.DR0, Reg.DR1, Reg.DR2, Reg.DR3, Reg.DR6, Reg.DR7)) {
            list.add(system(r.label(), r, "uint32"));
        }
        list.add(new Register("tsc", 64, "uint64", SYSTEM, new Source.TimeStamp()));
        return list;
    }

    private static Register cpu(String name, Reg reg, String type) {
        return new Register(name, 32, type, NONE, new Source.Cpu(reg));
    }

    private static Register system(String name, Reg reg, String type) {
        return new Register(name, 32, type, SYSTEM, new Source.Cpu(reg));
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
