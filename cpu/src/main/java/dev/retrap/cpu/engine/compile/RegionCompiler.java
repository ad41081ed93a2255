package dev.retrap.cpu.engine.compile;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;

/** Makes a {@link Region} of a {@link Plan}. Any thread. */
public final class RegionCompiler {
    /** HotSpot does not compile a method of 8000 bytes and puts nothing in line where all together would reach it. */
    private static final int MAX_SIZE = 6000;

    /** The generated class, to itself. */
    static final ClassDesc NAME = ClassDesc.of(Region.class.getPackageName() + ".Compiled");
    /** Handlers and instructions for the class being made by this thread, see {@link #making}. */
    private static final ThreadLocal<Plan> MAKING = new ThreadLocal<>();
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
            List<Integer> called = new ArrayList<>();
            b.withMethodBody("run", RegionWriter.RUN, 0, k -> {
                RegionWriter w = new RegionWriter(k, plan);
                w.write();
                used[0] = w.contextUsed();
                // The body may be written more than once.
                called.clear();
                called.addAll(w.called());
            });
            if (plan.footprint()) {
                for (int n = 0; n < plan.pieces().size(); n++) {
                    b.withField(RegionWriter.ran(n), ConstantDescs.CD_boolean, 0);
                }
                b.withMethodBody("takeRan", MethodTypeDesc.of(ConstantDescs.CD_long), ClassFile.ACC_PUBLIC,
                        k -> takeRan(k, plan.pieces().size()));
            }
            if (!called.isEmpty()) {
                constants(b, called);
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

    /** Static fields for the handlers called and their instructions. */
    private static void constants(ClassBuilder b, List<Integer> called) {
        int flags = ClassFile.ACC_STATIC | ClassFile.ACC_FINAL | ClassFile.ACC_PRIVATE;
        for (int at : called) {
            b.withField(RegionWriter.handlerField(at), RegionWriter.CD_EXEC, flags);
            b.withField(RegionWriter.insnField(at), RegionWriter.CD_INSN, flags);
        }
        b.withMethodBody(ConstantDescs.CLASS_INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_STATIC, k -> {
            for (int at : called) {
                k.loadConstant(at).invokestatic(Code.CD_REGION, "handler",
                        MethodTypeDesc.of(RegionWriter.CD_EXEC, ConstantDescs.CD_int));
                k.putstatic(NAME, RegionWriter.handlerField(at), RegionWriter.CD_EXEC);
                k.loadConstant(at).invokestatic(Code.CD_REGION, "insn",
                        MethodTypeDesc.of(RegionWriter.CD_INSN, ConstantDescs.CD_int));
                k.putstatic(NAME, RegionWriter.insnField(at), RegionWriter.CD_INSN);
            }
            k.return_();
        });
    }

    /** The plan of the class that this thread is making. */
    static Plan making() {
        return MAKING.get();
    }

    private static int size(byte[] file) {
        return FILES.parse(file).methods().stream()
                .filter(m -> m.methodName().equalsString("run"))
                .mapToInt(m -> m.findAttribute(java.lang.classfile.Attributes.code()).orElseThrow().codeLength())
                .sum();
    }

    private static Region define(byte[] file, Plan plan, int size, int used) {
        MAKING.set(plan);
        try {
            MethodHandles.Lookup made = LOOKUP.defineHiddenClass(file, true);
            Region r = (Region) made.lookupClass().getDeclaredConstructor().newInstance();
            r.fill(plan, size, used);
            return r;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a generated class cannot be used", e);
        } finally {
            MAKING.remove();
        }
    }
}
