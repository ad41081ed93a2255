package dev.retrap.cpu;

/**
 * Where processors of different makers part, as data of the model (design, invariant 4). Each flag is asked at the one
 * place that implements the instruction or event.
 *
 * @param sysenterInLongMode SYSENTER and SYSEXIT work when IA32_EFER.LMA = 1, in 64-bit and compatibility mode (SDM
 *     vol. 2, SYSENTER: protected mode only is asked for); if false they raise #UD there (APM vol. 1, 3.7.7; vol. 3,
 *     SYSENTER)
 * @param sysenterMsrs64 IA32_SYSENTER_ESP and IA32_SYSENTER_EIP hold 64 bits (SDM vol. 2, SYSENTER); if false WRMSR
 *     keeps bits 31:0 only (APM vol. 2, 6.1.2)
 * @param syscallOutside64BitMode SYSCALL and SYSRET work in protected and compatibility mode as well (APM vol. 3,
 *     SYSCALL); if false they raise #UD unless CS.L = 1 (SDM vol. 2, SYSCALL)
 * @param sysretChecksRcx SYSRET with a 64-bit operand raises #GP(0) at CPL 0 if RCX is not canonical (SDM vol. 2,
 *     SYSRET); if false it completes and the fetch faults at CPL 3 (APM vol. 3, SYSRET)
 * @param sysretLoadsSsAttributes SYSRET sets the hidden part of SS to base 0, limit 4 GiB, B = 1, DPL 3 (SDM vol. 2,
 *     SYSRET); if false only the selector changes, and base, limit and attributes with the DPL stay those of the
 *     kernel's SS (APM vol. 3, SYSRET)
 * @param nearBranchHonours66 in 64-bit mode a 66 prefix makes near CALL, JMP, Jcc and RET 16 bits wide: RIP is
 *     truncated (APM vol. 3, JMP (Near)); if false it is ignored (SDM vol. 2, CALL, JMP,
 *     Jcc)
 * @param nullSelectorClearsBase loading a null selector into DS, ES, FS or GS clears base and limit of the hidden part
 *     (Intel; AMD from Zen 2, APM vol. 3, CPUID Fn8000_0021_EAX[6]); if false they keep their values
 * @param bsfZeroKeepsDestination BSF and BSR leave the destination as it is if the source is 0 (APM vol. 3, BSF; SDM
 *     vol. 2 calls it undefined, hardware does the same)
 * @param farPointer64 REX.W makes far JMP, far CALL, LSS, LFS and LGS take a 16:64 pointer (SDM vol. 2, JMP, LDS); if
 *     false it is 16:32 (APM vol. 3, CALL (Far), LFS)
 * @param cpuidRepeatsHighestLeaf a CPUID leaf out of range answers as the highest basic leaf does (SDM vol. 2, CPUID);
 *     if false all four registers are 0 (APM vol. 3, CPUID)
 * @param cpuidSyscallIn64BitModeOnly CPUID.80000001H:EDX.SYSCALL, bit 11, reads as 0 outside 64-bit mode (SDM vol. 2,
 *     CPUID, leaf 80000001H); if false it is the same in all modes (APM vol. 3, appendix E)
 * @param larShowsLimit LAR leaves limit bits 19:16 in the result, measured on a Zen; Intel leaves them undefined, and clear
 * @param savesPointersOnError FXSAVE and XSAVE store the x87 pointers and opcode as 0 unless FSW.ES is set (APM vol. 2,
 *     11.4.4; measured on a Zen); if false they are always stored (SDM vol. 2, FXSAVE)
 * @param cvtpi2psFromMemoryKeepsX87 CVTPI2PS with a source in memory leaves the x87 state alone, as CVTPI2PD does for
 *     all (measured on a Zen); if false it is a change to MMX like any (SDM vol. 2, CVTPI2PS)
 * @param x87PointerBits width of the x87 instruction and operand pointers: what is loaded is sign-extended from there.
 *     It is that of linear addresses the processor can have, 48, or 57 where there is LA57 (measured on a Zen 5)
 */
public record VendorBehaviour(
        boolean sysenterInLongMode,
        boolean sysenterMsrs64,
        boolean syscallOutside64BitMode,
        boolean sysretChecksRcx,
        boolean sysretLoadsSsAttributes,
        boolean nearBranchHonours66,
        boolean nullSelectorClearsBase,
        boolean bsfZeroKeepsDestination,
        boolean farPointer64,
        boolean cpuidRepeatsHighestLeaf,
        boolean cpuidSyscallIn64BitModeOnly,
        boolean larShowsLimit,
        boolean savesPointersOnError,
        boolean cvtpi2psFromMemoryKeepsX87,
        int x87PointerBits) {
    /** Intel processors. */
    static final VendorBehaviour INTEL = new VendorBehaviour(
            true, true, false, true, true, false, true, true, true, true, true, false, false, false, 48);
    /** Intel processors but for SYSCALL and SYSRET, which get through in all modes. */
    static final VendorBehaviour INTEL_SYSCALL32 = new VendorBehaviour(
            true, true, true, true, true, false, true, true, true, true, true, false, false, false, 48);
    /** AMD processors before Zen 2. */
    static final VendorBehaviour AMD = new VendorBehaviour(
            false, false, true, false, false, true, false, true, false, false, false, true, true, true, 48);
    /** AMD processors from Zen 2 on. */
    static final VendorBehaviour AMD_ZEN2 = new VendorBehaviour(
            false, false, true, false, false, true, true, true, false, false, false, true, true, true, 48);
}
