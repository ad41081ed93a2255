package dev.retrap.cpu.engine.compile;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;

/** Makes a {@link Region} of a {@link Plan}. Any thread. */
public final class RegionCompiler {
    /** HotSpot does not compile a method of 8000 bytes and puts nothing in line where all together would reach it. */
    private static final int MAX_SIZE = 6000;

    /** The generated class, to itself. */
    static final ClassDesc NAME = ClassDesc.of(Region.class.getPackageName() + ".Compiled");
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final ClassFile FILES = ClassFile.of(ClassFile.DebugElementsOption.DROP_DEBUG,
            ClassFile.LineNumbersOption.DROP_LINE_NUMBERS);

    private RegionCompiler() {}

    /** The region; of a plan that is too large, its first blocks. */
    public static Region compile(Plan plan) {
        Plan fitting = plan;
        for (;;) {
            int[] used = {0};
            byte[] file = write(fitting, used);
            int size = size(file);
            int blocks = fitting.pieces().size();
            if (size <= MAX_SIZE || blocks == 1) {
                return define(file, fitting, size, used[0]);
            }
            fitting = fitting.first(Math.max(1, Math.min(blocks - 1, blocks * MAX_SIZE / size)));
        }
    }

    /** @param used receives the context bits that the code depends on */
    private static byte[] write(Plan plan, int[] used) {
        return FILES.build(NAME, b -> {
            b.withSuperclass(Code.CD_REGION).withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
            b.withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, 0, k -> k.aload(0)
                    .invokespecial(Code.CD_REGION, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).return_());
            b.withMethodBody("run", RegionWriter.RUN, 0, k -> {
                RegionWriter w = new RegionWriter(k, plan);
                w.write();
                used[0] = w.contextUsed();
            });
            if (plan.footprint()) {
                for (int n = 0; n < plan.pieces().size(); n++) {
                    b.withField(RegionWriter.ran(n), ConstantDescs.CD_boolean, 0);
                }
                b.withMethodBody("takeRan", MethodTypeDesc.of(ConstantDescs.CD_long), ClassFile.ACC_PUBLIC,
                        k -> takeRan(k, plan.pieces().size()));
            }
        });
    }

    private static void takeRan(CodeBuilder k, int blocks) {
        k.lconst_0();
        for (int n = 0; n < blocks; n++) {
            k.aload(0).getfield(NAME, RegionWriter.ran(n), ConstantDescs.CD_boolean).i2l().loadConstant(n).lshl().lor();
            k.aload(0).iconst_0().putfield(NAME, RegionWriter.ran(n), ConstantDescs.CD_boolean);
        }
        k.lreturn();
    }

    private static int size(byte[] file) {
        return FILES.parse(file).methods().stream()
                .filter(m -> m.methodName().equalsString("run"))
                .mapToInt(m -> m.findAttribute(java.lang.classfile.Attributes.code()).orElseThrow().codeLength())
                .sum();
    }

    private static Region define(byte[] file, Plan plan, int size, int used) {
        try {
            MethodHandles.Lookup made = LOOKUP.defineHiddenClass(file, true);
            Region r = (Region) made.lookupClass().getDeclaredConstructor().newInstance();
            r.fill(plan, size, used);
            return r;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a generated class cannot be used", e);
        }
    }
}
