package dev.retrap.repl.debug;

import dev.retrap.repl.expr.CType;
import dev.retrap.repl.expr.Scope;
import dev.retrap.repl.expr.Value;
import dev.retrap.repl.symbols.Symbols;
import java.util.ArrayList;
import java.util.List;

/**
 * Values as {@code print} shows them.
 *
 * @param scope where the elements of arrays are read
 * @param symbols names for addresses
 */
record ValueText(Scope scope, Symbols symbols) {
    /** gdb's {@code print elements}: more are replaced by dots. */
    private static final int MAX_ELEMENTS = 200;

    /** {@return the value in a format, or in the natural one of its type if the format has no letter} */
    String of(Value value, Format format) {
        return switch (value.type()) {
            case CType.Array array -> array(value, array, format);
            case CType.Void v -> "void";
            default -> format.letter() == 0 ? natural(value) : formatted(value, format.letter());
        };
    }

    private String formatted(Value value, char letter) {
        return Format.number(value.bits(), value.type().size(), letter, symbols);
    }

    private String natural(Value value) {
        return switch (value.type()) {
            case CType.Int i when i.size() == 1 ->
                    value.bits() + " " + Format.character((int) (value.bits() & 0xFF));
            case CType.Int i -> i.signed() ? Long.toString(value.bits()) : Long.toUnsignedString(value.unsigned());
            case CType.Flags f -> Registers.flags(value.bits());
            case CType.Pointer p -> (p.target() instanceof CType.Void ? "" : "(" + p.spelling() + ") ")
                    + symbols.format(value.unsigned());
            case CType.Array a -> throw new IllegalArgumentException();
            case CType.Void v -> "void";
        };
    }

    private String array(Value value, CType.Array array, Format format) {
        List<String> elements = new ArrayList<>();
        int size = array.element().size();
        for (int i = 0; i < Math.min(array.count(), MAX_ELEMENTS); i++) {
            long bits = scope.read(value.address() + (long) i * size, size);
            elements.add(of(Value.of(array.element(), bits), format));
        }
        return "{" + String.join(", ", elements) + (array.count() > MAX_ELEMENTS ? "...}" : "}");
    }
}
