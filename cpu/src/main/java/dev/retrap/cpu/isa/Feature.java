package dev.retrap.cpu.isa;

/**
 * What must be present for an instruction form to exist: a processor generation, or the CPUID feature flag named in the
 * manuals. The decoder ignores it; an engine raises #UD for a form whose feature its CPU model lacks.
 */
public enum Feature {
    /** Present in every processor from the 80386 on. */
    I386,
    /** 80486: BSWAP, CMPXCHG, XADD, INVD, WBINVD, INVLPG. */
    I486,
    /** CPUID itself (late 80486, Pentium). */
    CPUID,
    /** CPUID.1:EDX.FPU, or an 80387. */
    FPU,
    /** CPUID.1:EDX.TSC. */
    TSC,
    /** CPUID.1:EDX.MSR. */
    MSR,
    /** CPUID.1:EDX.CX8. */
    CX8,
    /** RSM: Pentium, and the 386SL and 486SL before it. */
    SMM,
    /** RDPMC: Pentium MMX and Pentium Pro. */
    PMC,
    /** CPUID.1:EDX.CMOV. */
    CMOV,
    /** CPUID.1:EDX.CMOV and FPU: FCMOVcc, FCOMI and FUCOMI. */
    FCMOV,
    /** TR3 to TR7: 80386 and 80486 only. */
    TEST_REGISTERS,
    /** Multi-byte NOP 0F 1F and the reserved NOPs: Pentium Pro and later. */
    NOPL,
    /** CPUID.1:EDX.SEP. */
    SEP,
    /** CPUID.80000001H:EDX.SYSCALL. */
    SYSCALL,
    /** CPUID.80000001H:EDX.LM. */
    LM,
    /** CPUID.80000001H:ECX.LAHF in 64-bit mode. */
    LAHF_LM,
    /** CPUID.1:EDX.MMX. */
    MMX,
    /** CPUID.1:EDX.SSE, or CPUID.80000001H:EDX.MmxExt on AMD: the SSE integer instructions on MM registers. */
    MMXEXT,
    /** CPUID.1:EDX.FXSR. */
    FXSR,
    /** CPUID.1:EDX.SSE. */
    SSE,
    /** CPUID.1:EDX.SSE2. */
    SSE2,
    /** CPUID.1:ECX.SSE3. */
    SSE3,
    /** CPUID.1:ECX.SSSE3. */
    SSSE3,
    /** CPUID.1:ECX.SSE4_1. */
    SSE41,
    /** CPUID.1:ECX.SSE4_2. */
    SSE42,
    /** CPUID.80000001H:ECX.SSE4A. */
    SSE4A,
    /** CPUID.80000001H:EDX.3DNow. */
    THREEDNOW,
    /** CPUID.80000001H:ECX.PREFETCHW (3DNowPrefetch). */
    PREFETCHW,
    /** CPUID.7:ECX.PREFETCHWT1. */
    PREFETCHWT1,
    /** CPUID.1:ECX.POPCNT. */
    POPCNT,
    /** CPUID.80000001H:ECX.LZCNT (AMD: ABM); without it F3 0F BD is BSR. */
    LZCNT,
    /** CPUID.7:EBX.BMI1; without it F3 0F BC is BSF. */
    BMI1,
    /** CPUID.7:EBX.BMI2. */
    BMI2,
    /** CPUID.7:EBX.ADX. */
    ADX,
    /** CPUID.1:ECX.MOVBE. */
    MOVBE,
    /** CPUID.1:ECX.AESNI. */
    AES,
    /** CPUID.1:ECX.PCLMULQDQ. */
    PCLMUL,
    /** CPUID.7:EBX.SHA. */
    SHA,
    /** CPUID.7:ECX.GFNI. */
    GFNI,
    /** CPUID.1:ECX.XSAVE. */
    XSAVE,
    /** CPUID.(0DH,1):EAX.XSAVEOPT. */
    XSAVEOPT,
    /** CPUID.(0DH,1):EAX.XSAVEC. */
    XSAVEC,
    /** CPUID.(0DH,1):EAX.XSS. */
    XSAVES,
    /** CPUID.7:EBX.FSGSBASE. */
    FSGSBASE,
    /** CPUID.7:EBX.SMAP. */
    SMAP,
    /** CPUID.7:EBX.INVPCID. */
    INVPCID,
    /** CPUID.7:ECX.PKU. */
    PKU,
    /** CPUID.1:ECX.RDRAND. */
    RDRAND,
    /** CPUID.7:EBX.RDSEED. */
    RDSEED,
    /** CPUID.80000001H:EDX.RDTSCP. */
    RDTSCP,
    /** CPUID.7:ECX.RDPID. */
    RDPID,
    /** CPUID.1:ECX.CMPXCHG16B. */
    CX16,
    /** CPUID.1:EDX.CLFSH. */
    CLFSH,
    /** CPUID.7:EBX.CLFLUSHOPT. */
    CLFLUSHOPT,
    /** CPUID.7:EBX.CLWB. */
    CLWB,
    /** CPUID.80000008H:EBX.CLZERO. */
    CLZERO,
    /** CPUID.80000008H:EBX.RDPRU. */
    RDPRU,
    /** CPUID.80000008H:EBX.MCOMMIT. */
    MCOMMIT,
    /** CPUID.80000008H:EBX.INVLPGB. */
    INVLPGB,
    /** CPUID.7:ECX.CLDEMOTE. */
    CLDEMOTE,
    /** CPUID.80000008H:EBX.WBNOINVD. */
    WBNOINVD,
    /** CPUID.1:ECX.MONITOR. */
    MONITOR,
    /** CPUID.80000001H:ECX.MONITORX. */
    MONITORX,
    /** CPUID.7:ECX.WAITPKG. */
    WAITPKG,
    /** CPUID.7:EDX.SERIALIZE. */
    SERIALIZE,
    /** CPUID.1:ECX.VMX. */
    VMX,
    /** CPUID.80000001H:ECX.SVM. */
    SVM,
    /** CPUID.8000001FH:EAX.SEV-ES. */
    SEV_ES,
    /** CPUID.8000001FH:EAX.SEV-SNP. */
    SEV_SNP,
    /** CPUID.1:ECX.SMX. */
    SMX,
    /** CPUID.7:EBX.SGX. */
    SGX,
    /** CPUID.7:EBX.RTM. */
    RTM,
    /** CPUID.7:EDX.TSXLDTRK. */
    TSXLDTRK,
    /** CPUID.7:ECX.CET_SS. */
    CET_SS,
    /** CPUID.7:EDX.CET_IBT. */
    CET_IBT,
    /** CPUID.7:EDX.PCONFIG. */
    PCONFIG,
    /** CPUID.14H: PTWRITE. */
    PTWRITE,
    /** CPUID.7:ECX.MOVDIRI. */
    MOVDIRI,
    /** CPUID.7:ECX.MOVDIR64B. */
    MOVDIR64B,
    /** CPUID.7:ECX.ENQCMD. */
    ENQCMD,
    /** CPUID.7:EDX.UINTR. */
    UINTR,
    /** CPUID.7:ECX.KL (Key Locker). */
    KL,
    /** CPUID.19H:EBX.WIDE_KL. */
    WIDE_KL,
    /** CPUID.(7,1):EAX.HRESET. */
    HRESET,
    /** CPUID.(7,1):EAX.WRMSRNS. */
    WRMSRNS,
    /** CPUID.(7,1):EAX.MSRLIST. */
    MSRLIST,
    /** CPUID.(7,1):EAX.RAO-INT. */
    RAO_INT,
    /** CPUID.80000001H:ECX.LWP. */
    LWP,
    /** CPUID.80000001H:ECX.TBM. */
    TBM,
    /** CPUID.1:ECX.AVX. */
    AVX,
    /** CPUID.1:ECX.F16C. */
    F16C,
    /** CPUID.1:ECX.FMA. */
    FMA,
    /** CPUID.7:EBX.AVX2. */
    AVX2
}
