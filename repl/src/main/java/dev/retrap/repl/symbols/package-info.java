/** Names for the guest's addresses: kernel, program and vDSO. */
package dev.retrap.repl.symbols;
