package dev.retrap.trace.unwind;

import java.util.ArrayDeque;
import java.util.Deque;

/** Evaluates the DWARF expressions that call frame information uses (DWARF 4, 2.5). */
final class DwarfExpression {
    private static final int MAX_OPERATIONS = 10_000;

    private final UnwindRegisters registers;
    private final Memory memory;
    private final Bytes code;
    private final Deque<Long> stack = new ArrayDeque<>();

    private DwarfExpression(Bytes code, UnwindRegisters registers, Memory memory) {
        this.code = code;
        this.registers = registers;
        this.memory = memory;
    }

    /** {@return the value on top at the end}
     * @param initial pushed before, null for nothing */
    static long evaluate(Bytes expression, UnwindRegisters registers, Memory memory, Long initial) {
        int start = expression.offset();
        DwarfExpression e = new DwarfExpression(expression, registers, memory);
        if (initial != null) {
            e.stack.push(initial);
        }
        try {
            for (int n = 0; expression.hasMore(); n++) {
                if (n == MAX_OPERATIONS) {
                    throw new BadCallFrameInfo("an expression without end");
                }
                e.operation(expression.u8());
            }
            return e.pop();
        } finally {
            // The same expression is evaluated again for another frame.
            expression.seek(start);
        }
    }

    private void operation(int op) {
        if (op >= 0x30 && op <= 0x4F) {
            push(op - 0x30);
        } else if (op >= 0x50 && op <= 0x6F) {
            push(registers.get(op - 0x50));
        } else if (op >= 0x70 && op <= 0x8F) {
            push(registers.get(op - 0x70) + code.sleb());
        } else {
            other(op);
        }
    }

    private void other(int op) {
        switch (op) {
            case 0x03 -> push(code.unsigned(registers.wordBytes()));
            case 0x06 -> push(load(pop(), registers.wordBytes()));
            case 0x08 -> push(code.unsigned(1));
            case 0x09 -> push(code.signed(1));
            case 0x0A -> push(code.unsigned(2));
            case 0x0B -> push(code.signed(2));
            case 0x0C -> push(code.unsigned(4));
            case 0x0D -> push(code.signed(4));
            case 0x0E, 0x0F -> push(code.signed(8));
            case 0x10 -> push(code.uleb());
            case 0x11 -> push(code.sleb());
            case 0x12 -> push(peek());
            case 0x13 -> pop();
            case 0x14 -> {
                long top = pop();
                long second = peek();
                push(top);
                push(second);
            }
            case 0x16 -> {
                long top = pop();
                long second = pop();
                push(top);
                push(second);
            }
            case 0x1F -> push(-pop());
            case 0x20 -> push(~pop());
            case 0x23 -> push(pop() + code.uleb());
            case 0x28 -> branch(pop() != 0);
            case 0x2F -> branch(true);
            case 0x92 -> push(registers.get((int) code.uleb()) + code.sleb());
            case 0x94 -> push(load(pop(), code.u8()));
            case 0x96 -> { }
            default -> binary(op);
        }
    }

    private void binary(int op) {
        long b = pop();
        long a = pop();
        push(switch (op) {
            case 0x1A -> a & b;
            case 0x1B -> a / nonZero(b);
            case 0x1C -> a - b;
            case 0x1D -> Long.remainderUnsigned(a, nonZero(b));
            case 0x1E -> a * b;
            case 0x21 -> a | b;
            case 0x22 -> a + b;
            case 0x24 -> b >= 64 ? 0 : a << b;
            case 0x25 -> b >= 64 ? 0 : a >>> b;
            case 0x26 -> a >> Math.min(b, 63);
            case 0x27 -> a ^ b;
            case 0x29 -> a == b ? 1 : 0;
            case 0x2A -> a >= b ? 1 : 0;
            case 0x2B -> a > b ? 1 : 0;
            case 0x2C -> a <= b ? 1 : 0;
            case 0x2D -> a < b ? 1 : 0;
            case 0x2E -> a != b ? 1 : 0;
            default -> throw new BadCallFrameInfo("unknown DWARF operation 0x" + Integer.toHexString(op));
        });
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw new BadCallFrameInfo("division by zero");
        }
        return divisor;
    }

    private void branch(boolean taken) {
        int offset = (int) code.signed(2);
        if (taken) {
            code.seek(code.offset() + offset);
        }
    }

    private long load(long address, int bytes) {
        Long value = memory.read(registers.wordBytes() == 8 ? address : address & 0xFFFF_FFFFL, bytes);
        if (value == null) {
            throw new BadCallFrameInfo("memory at 0x" + Long.toHexString(address) + " cannot be read");
        }
        return value;
    }

    private void push(long value) {
        stack.push(value);
    }

    private long pop() {
        if (stack.isEmpty()) {
            throw new BadCallFrameInfo("an expression takes more than there is");
        }
        return stack.pop();
    }

    private long peek() {
        if (stack.isEmpty()) {
            throw new BadCallFrameInfo("an expression takes more than there is");
        }
        return stack.peek();
    }
}
