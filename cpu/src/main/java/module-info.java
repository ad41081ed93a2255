/** The machine: processor models, memory, instruction set, execution engines, devices, snapshots. */
module dev.retrap.cpu {
    exports dev.retrap.cpu;
    exports dev.retrap.cpu.isa;
    exports dev.retrap.cpu.boot;
}
