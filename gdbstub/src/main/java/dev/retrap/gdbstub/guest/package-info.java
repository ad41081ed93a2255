/**
 * What a debugger takes for granted of a Linux process and the stub has to find in the guest: the program's auxiliary
 * vector, its mappings, its files.
 */
package dev.retrap.gdbstub.guest;
