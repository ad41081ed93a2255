package dev.retrap.repl.debug;

import dev.retrap.cpu.Machine;
import dev.retrap.cpu.boot.Symbol;
import dev.retrap.repl.expr.CType;
import dev.retrap.repl.expr.ExprException;
import dev.retrap.repl.expr.Scope;
import dev.retrap.repl.expr.Value;
import dev.retrap.repl.symbols.Symbols;
import java.util.function.Function;

/**
 * Names in expressions: registers first, then variables of the debugger; symbols of the guest.
 *
 * @param machine where registers and memory are
 * @param symbols what symbols stand for
 * @param variables the debugger's own: null for one that is not there
 */
record MachineScope(Machine machine, Symbols symbols, Function<String, Value> variables) implements Scope {
    @Override
    public Value variable(String name) {
        Value value = Registers.value(machine, name);
        if (value == null && name.equals("position")) {
            value = Value.of(CType.LONG_LONG, machine.position());
        }
        return value != null ? value : variables.apply(name);
    }

    @Override
    public Long symbol(String name) {
        return symbols.named(name).map(Symbol::address).orElse(null);
    }

    @Override
    public long read(long address, int size) {
        byte[] bytes = new byte[8];
        if (machine.read(address, bytes, 0, size) < size) {
            throw new ExprException("Cannot access memory at address 0x" + Long.toHexString(address));
        }
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | bytes[i] & 0xFF;
        }
        return value;
    }

    @Override
    public int wordBytes() {
        return machine.codeMode().bits() / 8;
    }
}
