package dev.retrap.gdbstub.session;

import dev.retrap.cpu.Machine;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * An agent expression as the condition or the commands of a breakpoint (GDB manual, appendix "The GDB Agent Expression Mechanism"): a
 * stack machine over 64-bit integers that reads registers and memory. An expression that cannot be evaluated (no such
 * memory, division by zero, bad bytecode) counts as true, so that the user gets to see the place; so does gdbserver.
 */
final class AgentExpression implements Predicate<Machine> {
    private static final int STACK = 64;
    private static final int LONGEST_STRING = 200;
    private static final int MOST_STEPS = 10_000;

    private final byte[] code;
    private final Registers registers;
    private final long addressMask;

    /**
     * An expression.
     *
     * @param addressMask bits of an address that count
     */
    AgentExpression(byte[] code, Registers registers, long addressMask) {
        this.code = code;
        this.registers = registers;
        this.addressMask = addressMask;
    }

    @Override
    public boolean test(Machine machine) {
        try {
            return evaluate(machine, null) != 0;
        } catch (BadExpression | ArithmeticException | IndexOutOfBoundsException e) {
            return true;
        }
    }

    /** Runs it for what it prints ({@code dprintf-style agent}); what cannot be evaluated ends it. */
    void run(Machine machine, Consumer<String> console) {
        try {
            evaluate(machine, console);
        } catch (BadExpression | ArithmeticException | IndexOutOfBoundsException e) {
            console.accept("[a command of the breakpoint at 0x" + Long.toHexString(machine.linearIp())
                    + " cannot be run]\n");
        }
    }

    private static final class BadExpression extends Exception {
        BadExpression() {
            super(null, null, false, false);
        }
    }

    /**
     * Runs the bytecode; the value on top of the stack at its end. Thread-safe, as searches run side by side.
     *
     * @param console where commands print; null for a condition, which prints nothing
     */
    private long evaluate(Machine machine, Consumer<String> console) throws BadExpression {
        long[] stack = new long[STACK];
        int top = -1;
        int pc = 0;
        for (int steps = 0; steps < MOST_STEPS; steps++) {
            int op = code[pc++] & 0xff;
            switch (op) {
                case 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0f, 0x10, 0x11, 0x13, 0x14, 0x15 -> {
                    stack[top - 1] = binary(op, stack[top - 1], stack[top]);
                    top--;
                }
                case 0x0e -> stack[top] = stack[top] == 0 ? 1 : 0;
                case 0x12 -> stack[top] = ~stack[top];
                case 0x16 -> {
                    int shift = 64 - width(pc++);
                    stack[top] = stack[top] << shift >> shift;
                }
                case 0x17, 0x18, 0x19, 0x1a -> stack[top] = memory(machine, stack[top], 1 << op - 0x17);
                case 0x20 -> pc = stack[top--] != 0 ? (int) constant(pc, 2) : pc + 2;
                case 0x21 -> pc = (int) constant(pc, 2);
                case 0x22, 0x23, 0x24, 0x25 -> {
                    int bytes = 1 << op - 0x22;
                    stack[++top] = constant(pc, bytes);
                    pc += bytes;
                }
                case 0x26 -> {
                    stack[++top] = registers.scalar(registers.register((int) constant(pc, 2)), machine);
                    pc += 2;
                }
                case 0x27 -> {
                    return top < 0 && console != null ? 0 : stack[top];
                }
                case 0x28 -> {
                    stack[top + 1] = stack[top];
                    top++;
                }
                case 0x29 -> top--;
                case 0x2a -> {
                    int shift = 64 - width(pc++);
                    stack[top] = stack[top] << shift >>> shift;
                }
                case 0x2b -> {
                    long a = stack[top];
                    stack[top] = stack[top - 1];
                    stack[top - 1] = a;
                }
                case 0x32 -> {
                    long picked = stack[top - (code[pc++] & 0xff)];
                    stack[++top] = picked;
                }
                case 0x33 -> {
                    long c = stack[top];
                    stack[top] = stack[top - 1];
                    stack[top - 1] = stack[top - 2];
                    stack[top - 2] = c;
                }
                case 0x34 -> {
                    if (console == null) {
                        throw new BadExpression();
                    }
                    int arguments = code[pc] & 0xff;
                    int length = (int) constant(pc + 1, 2);
                    String format = new String(code, pc + 3, length - 1, StandardCharsets.UTF_8);
                    pc += 3 + length;
                    top -= 2; // function and channel, which mean nothing here
                    long[] values = new long[arguments];
                    for (int i = 0; i < arguments; i++) {
                        values[i] = stack[top--];
                    }
                    console.accept(AgentPrintf.format(format, values, address -> string(machine, address)));
                }
                default -> throw new BadExpression();
            }
        }
        throw new BadExpression();
    }

    private static long binary(int op, long a, long b) throws BadExpression {
        return switch (op) {
            case 0x02 -> a + b;
            case 0x03 -> a - b;
            case 0x04 -> a * b;
            case 0x05 -> a / b;
            case 0x06 -> Long.divideUnsigned(a, b);
            case 0x07 -> a % b;
            case 0x08 -> Long.remainderUnsigned(a, b);
            case 0x09 -> a << b;
            case 0x0a -> a >> b;
            case 0x0b -> a >>> b;
            case 0x0f -> a & b;
            case 0x10 -> a | b;
            case 0x11 -> a ^ b;
            case 0x13 -> a == b ? 1 : 0;
            case 0x14 -> a < b ? 1 : 0;
            case 0x15 -> Long.compareUnsigned(a, b) < 0 ? 1 : 0;
            default -> throw new BadExpression();
        };
    }

    /** Operand of {@code ext} and {@code zero_ext}: bits, 1..64. */
    private int width(int pc) throws BadExpression {
        int bits = code[pc] & 0xff;
        if (bits < 1 || bits > 64) {
            throw new BadExpression();
        }
        return bits;
    }

    /** Operands in the bytecode are big-endian. */
    private long constant(int pc, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | code[pc + i] & 0xff;
        }
        return value;
    }

    private String string(Machine machine, long address) {
        StringBuilder text = new StringBuilder();
        byte[] octet = new byte[1];
        for (long at = address & addressMask; text.length() < LONGEST_STRING; at++) {
            if (machine.read(at, octet, 0, 1) < 1 || octet[0] == 0) {
                break;
            }
            text.append((char) (octet[0] & 0xff));
        }
        return text.toString();
    }

    private long memory(Machine machine, long address, int bytes) throws BadExpression {
        byte[] word = new byte[bytes];
        if (machine.read(address & addressMask, word, 0, bytes) < bytes) {
            throw new BadExpression();
        }
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | word[i] & 0xff;
        }
        return value;
    }
}
