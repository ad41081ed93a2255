package dev.retrap.repl.expr;

/** A parsed expression; {@link #evaluate} gives its value in a scope, any number of times. */
public sealed interface Expr {
    /**
     * Parses an expression.
     *
     * @param text e.g. {@code *(int *)($esp + 4) & ~3}
     * @throws ExprException with one line that says what is wrong and where
     */
    static Expr parse(String text) {
        return new Parser(text).whole();
    }

    /** {@return the value}
     * @param scope what names mean
     * @throws ExprException if something in it has no value */
    default Value evaluate(Scope scope) {
        return Evaluator.evaluate(this, scope);
    }

    /** A number or character. */
    record Literal(Value value) implements Expr {}

    /** {@code $name}. */
    record Variable(String name) implements Expr {}

    /** A symbol of the guest. */
    record Symbol(String name) implements Expr {}

    /** {@code - ~ ! +}. */
    record Unary(char operator, Expr operand) implements Expr {}

    /** {@code *e}. */
    record Dereference(Expr operand) implements Expr {}

    /** {@code &e}. */
    record AddressOf(Expr operand) implements Expr {}

    /** {@code (type) e}. */
    record Cast(TypeName type, Expr operand) implements Expr {}

    /** {@code {type} address}. */
    record At(TypeName type, Expr address) implements Expr {}

    /** {@code e @ n}: n elements from e on. */
    record Repeat(Expr first, Expr count) implements Expr {}

    /** {@code p[i]}. */
    record Index(Expr base, Expr index) implements Expr {}

    /** {@code a op b}, operator as spelled. */
    record Binary(String operator, Expr left, Expr right) implements Expr {}

    /** {@code c ? a : b}. */
    record Conditional(Expr condition, Expr then, Expr otherwise) implements Expr {}

    /**
     * A type as spelled; what {@code long} and pointers measure depends on the mode the machine is in.
     *
     * @param base integer type, {@link CType#VOID}, or null for {@code long} of the machine's word
     * @param signed for {@code long}
     * @param stars levels of pointer
     */
    record TypeName(CType base, boolean signed, int stars) {
        CType resolve(int wordBytes) {
            int word = Math.max(wordBytes, 4);
            CType type = base != null ? base : new CType.Int(signed ? "long" : "unsigned long", word, signed);
            for (int i = 0; i < stars; i++) {
                type = new CType.Pointer(type, word);
            }
            return type;
        }
    }
}
