package dev.retrap.repl.expr;

import java.util.Map;
import java.util.TreeMap;

/** A scope with a few registers, symbols and words of memory. */
final class TestScope implements Scope {
    final Map<String, Value> variables = new TreeMap<>();
    final Map<String, Long> symbols = new TreeMap<>();
    private final Map<Long, Integer> memory = new TreeMap<>();
    int wordBytes = 4;

    TestScope bytes(long address, int... octets) {
        for (int i = 0; i < octets.length; i++) {
            memory.put(address + i, octets[i]);
        }
        return this;
    }

    @Override
    public Value variable(String name) {
        return variables.get(name);
    }

    @Override
    public Long symbol(String name) {
        return symbols.get(name);
    }

    @Override
    public long read(long address, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            Integer octet = memory.get(address + i);
            if (octet == null) {
                throw new ExprException("Cannot access memory at address 0x" + Long.toHexString(address));
            }
            value = value << 8 | octet;
        }
        return value;
    }

    @Override
    public int wordBytes() {
        return wordBytes;
    }
}
