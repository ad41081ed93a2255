/** The machine's devices: interrupt controllers, timer, clock, serial port. Driven by virtual time, deterministic. */
package dev.retrap.cpu.device;
