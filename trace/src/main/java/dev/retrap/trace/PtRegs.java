package dev.retrap.trace;

import java.util.List;

/**
 * A {@code struct pt_regs} as the guest kernel had it in memory: what its C code sees of the interrupted context.
 *
 * @param layout the kernel's layout
 * @param address linear address of the structure
 * @param words its members in memory order, zero-extended; not to be changed
 */
public record PtRegs(Layout layout, long address, long[] words) {
    /** Member order of {@code arch/x86/include/asm/ptrace.h}. */
    public enum Layout {
        /** 32-bit kernels, 17 members of 4 bytes. */
        I386(4, "bx", "cx", "dx", "si", "di", "bp", "ax", "ds", "es", "fs", "gs", "orig_ax", "ip", "cs", "flags", "sp",
                "ss"),
        /** 64-bit kernels, 21 members of 8 bytes. */
        X86_64(8, "r15", "r14", "r13", "r12", "bp", "bx", "r11", "r10", "r9", "r8", "ax", "cx", "dx", "si", "di",
                "orig_ax", "ip", "cs", "flags", "sp", "ss");

        private final int wordBytes;
        private final List<String> fields;
        private final int returnAddress;

        Layout(int wordBytes, String... fields) {
            this.wordBytes = wordBytes;
            this.fields = List.of(fields);
            this.returnAddress = wordBytes * this.fields.indexOf("ip");
        }

        /** Bytes per member. */
        public int wordBytes() {
            return wordBytes;
        }

        /** Members in memory order. */
        public List<String> fields() {
            return fields;
        }

        /** Offset of {@code ip}, where the frame that IRET takes begins. */
        int returnAddress() {
            return returnAddress;
        }

        /** Size of the structure in bytes. */
        public int bytes() {
            return wordBytes * fields.size();
        }
    }

    /**
     * Value of a member.
     *
     * @throws IllegalArgumentException if the layout has no such member
     */
    public long get(String field) {
        int i = layout.fields().indexOf(field);
        if (i < 0) {
            throw new IllegalArgumentException("pt_regs (" + layout + ") has no member " + field);
        }
        return words[i];
    }

    /** True if the interrupted context was the user's. */
    public boolean fromUser() {
        return (get("cs") & 3) == 3;
    }

    /**
     * Members that mean something: on i386 an entry from the kernel pushes neither {@code sp} nor {@code ss}, and the
     * words there belong to the interrupted code's stack.
     */
    public List<String> valid() {
        List<String> all = layout.fields();
        return layout == Layout.I386 && !fromUser() ? all.subList(0, all.size() - 2) : all;
    }
}
