package dev.retrap.cpu.isa;

/** Opcode map, that is the escape an opcode byte is read after (SDM vol. 2, appendix A). */
public enum OpcodeMap {
    /** One-byte opcodes. */
    ONE_BYTE,
    /** Two-byte opcodes, 0F; also VEX.map1. */
    MAP_0F,
    /** Three-byte opcodes, 0F 38; also VEX.map2. */
    MAP_0F38,
    /** Three-byte opcodes, 0F 3A; also VEX.map3. */
    MAP_0F3A,
    /** 3DNow!: 0F 0F, with the opcode as the last byte of the instruction. */
    MAP_0F0F
}
