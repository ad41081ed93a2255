package dev.retrap.cpu.isa;

import java.util.List;

/**
 * The forms of one opcode, indexed by what tells them apart: mandatory prefix, W, VEX.L, 64-bit mode, and ModRM, each
 * only if some form of the opcode depends on it.
 */
final class OpcodeCell {
    private static final int MODRM_KINDS = 8 + 64;

    /** True if a ModRM byte follows. */
    final boolean modrm;
    /** True if 66, F2 and F3 select among forms. */
    final boolean byPrefix;
    private final boolean byW;
    private final boolean byL;
    private final boolean byMode;
    private final boolean byModrm;
    private final Plan single;
    private final Plan[] plans;

    OpcodeCell(List<Plan> candidates) {
        boolean prefix = false;
        boolean w = false;
        boolean l = false;
        boolean mode = false;
        boolean kind = false;
        for (Plan plan : candidates) {
            Encoding e = plan.form.encoding();
            prefix |= e.prefixes() != Encoding.ANY_PREFIX;
            w |= e.w() >= 0;
            l |= e.l() >= 0;
            mode |= plan.form.has(Form.INVALID64);
            kind |= e.mod() != Encoding.Mod.ANY || e.reg() >= 0 || e.rm() >= 0;
        }
        modrm = candidates.getFirst().form.encoding().modrm();
        byPrefix = prefix;
        byW = w;
        byL = l;
        byMode = mode;
        byModrm = kind;
        single = prefix || w || l || mode || kind ? null : candidates.getFirst();
        plans = new Plan[index(byPrefix ? 3 : 0, 1, 1, 1, 0xFF) + 1];
        for (Plan plan : candidates) {
            if (plan.form.encoding().modrm() != modrm) {
                throw new IllegalStateException("instruction table: ModRM or not? " + plan.form);
            }
            if (!plan.form.has(Form.REST)) {
                fill(plan);
            }
        }
        for (Plan plan : candidates) {
            if (plan.form.has(Form.REST)) {
                fill(plan);
            }
        }
    }

    private void fill(Plan plan) {
        Encoding e = plan.form.encoding();
        for (int prefix = 0; prefix < (byPrefix ? 4 : 1); prefix++) {
            if (byPrefix && (e.prefixes() >> prefix & 1) == 0) {
                continue;
            }
            for (int bits = 0; bits < 8; bits++) {
                int w = bits & 1;
                int l = bits >> 1 & 1;
                int mode64 = bits >> 2;
                boolean repeated = w != 0 && !byW || l != 0 && !byL || mode64 != 0 && !byMode;
                boolean allowed = (!byW || e.w() < 0 || e.w() == w) && (!byL || e.l() < 0 || e.l() == l)
                        && (!byMode || !plan.form.has(mode64 == 0 ? Form.ONLY64 : Form.INVALID64));
                if (!repeated && allowed) {
                    fillModrm(plan, index(prefix, w, l, mode64, 0));
                }
            }
        }
    }

    /** Enters a form from the index of ModRM 00 on. */
    private void fillModrm(Plan plan, int from) {
        if (!byModrm) {
            put(from, plan);
            return;
        }
        Encoding e = plan.form.encoding();
        for (int reg = 0; reg < 8; reg++) {
            if (e.reg() >= 0 && e.reg() != reg) {
                continue;
            }
            if (e.mod() != Encoding.Mod.REGISTER) {
                put(from + reg, plan);
            }
            for (int rm = 0; rm < 8 && e.mod() != Encoding.Mod.MEMORY; rm++) {
                if (e.rm() < 0 || e.rm() == rm) {
                    put(from + 8 + reg * 8 + rm, plan);
                }
            }
        }
    }

    private void put(int index, Plan plan) {
        if (plans[index] == null) {
            plans[index] = plan;
        } else if (!plan.form.has(Form.REST) || plans[index].form.has(Form.REST)) {
            throw new IllegalStateException("instruction table: the same encoding twice, " + plans[index].form
                    + " and " + plan.form + " at " + plan.form.encoding());
        }
    }

    private int index(int prefix, int w, int l, int mode64, int modrmByte) {
        int index = byPrefix ? prefix : 0;
        index = byW ? index * 2 + w : index;
        index = byL ? index * 2 + l : index;
        index = byMode ? index * 2 + mode64 : index;
        if (byModrm) {
            int kind = modrmByte >= 0xC0 ? 8 + (modrmByte & 0x3F) : modrmByte >> 3 & 7;
            index = index * MODRM_KINDS + kind;
        }
        return index;
    }

    /**
     * {@return the form, or null if the encoding is undefined}
     * @param prefix mandatory prefix: 0 none, 1 66, 2 F3, 3 F2
     * @param w REX.W or VEX.W
     * @param l VEX.L
     * @param mode64 1 in 64-bit mode
     * @param modrmByte ModRM; ignored if {@link #modrm} is false
     */
    Plan select(int prefix, int w, int l, int mode64, int modrmByte) {
        return single != null ? single : plans[index(prefix, w, l, mode64, modrmByte)];
    }
}
