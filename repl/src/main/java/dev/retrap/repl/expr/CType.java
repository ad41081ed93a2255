package dev.retrap.repl.expr;

/** Type of a {@link Value}, as far as the debugger needs C's types. */
public sealed interface CType {
    /** {@return size in bytes; 0 for {@link Void}} */
    int size();

    /** {@return how C spells it} */
    String spelling();

    /**
     * An integer of 1, 2, 4 or 8 bytes.
     *
     * @param spelling as in C, e.g. {@code unsigned char}
     * @param size bytes
     * @param signed two's complement if true
     */
    record Int(String spelling, int size, boolean signed) implements CType {}

    /** What a {@code void *} points to. */
    record Void() implements CType {
        @Override
        public int size() {
            return 0;
        }

        @Override
        public String spelling() {
            return "void";
        }
    }

    /**
     * A pointer. One to {@link Void} stands for a bare address, such as that of a symbol of which only the address is
     * known: arithmetic on it counts bytes, and dereferencing it reads a machine word.
     *
     * @param target what it points to
     * @param size bytes of an address
     */
    record Pointer(CType target, int size) implements CType {
        @Override
        public String spelling() {
            return target.spelling() + (target instanceof Pointer ? "*" : " *");
        }
    }

    /**
     * The bits of EFLAGS: an unsigned integer that prints as a list of flags.
     *
     * @param size bytes
     */
    record Flags(int size) implements CType {
        @Override
        public String spelling() {
            return "eflags";
        }
    }

    /**
     * {@code count} elements in memory.
     *
     * @param element type of each
     * @param count how many
     */
    record Array(CType element, int count) implements CType {
        @Override
        public int size() {
            return element.size() * count;
        }

        @Override
        public String spelling() {
            return element.spelling() + " [" + count + "]";
        }
    }

    /** C's char; signed, as the i386 and x86-64 ABIs have it. */
    Int CHAR = new Int("char", 1, true);
    /** C's int. */
    Int INT = new Int("int", 4, true);
    /** C's unsigned int. */
    Int UINT = new Int("unsigned int", 4, false);
    /** C's long long. */
    Int LONG_LONG = new Int("long long", 8, true);
    /** C's unsigned long long. */
    Int ULONG_LONG = new Int("unsigned long long", 8, false);
    /** No type. */
    Void VOID = new Void();

    /** {@return true for a type whose values are negative when the top bit is set} */
    default boolean isSigned() {
        return this instanceof Int i && i.signed();
    }

    /** {@return the unsigned integer of a size}
     * @param size 1, 2, 4 or 8 bytes */
    static Int unsigned(int size) {
        return switch (size) {
            case 1 -> new Int("unsigned char", 1, false);
            case 2 -> new Int("unsigned short", 2, false);
            case 4 -> UINT;
            default -> ULONG_LONG;
        };
    }

    /** {@return the signed integer of a size}
     * @param size 1, 2, 4 or 8 bytes */
    static Int signed(int size) {
        return switch (size) {
            case 1 -> CHAR;
            case 2 -> new Int("short", 2, true);
            case 4 -> INT;
            default -> LONG_LONG;
        };
    }
}
