package dev.retrap.repl.expr;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Recursive descent over C's expression grammar with gdb's {@code $name}, {@code {type} addr} and {@code @}. */
final class Parser {
    /** Binary operators by precedence, weakest first; {@code @} binds strongest of them, as in gdb. */
    private static final List<Set<String>> LEVELS = List.of(
            Set.of("||"), Set.of("&&"), Set.of("|"), Set.of("^"), Set.of("&"), Set.of("==", "!="),
            Set.of("<", ">", "<=", ">="), Set.of("<<", ">>"), Set.of("+", "-"), Set.of("*", "/", "%"), Set.of("@"));

    private static final Map<String, CType.Int> FIXED = Map.ofEntries(
            Map.entry("int8_t", new CType.Int("int8_t", 1, true)), Map.entry("uint8_t", CType.unsigned(1)),
            Map.entry("int16_t", new CType.Int("int16_t", 2, true)), Map.entry("uint16_t", CType.unsigned(2)),
            Map.entry("int32_t", CType.INT), Map.entry("uint32_t", CType.UINT),
            Map.entry("int64_t", CType.LONG_LONG), Map.entry("uint64_t", CType.ULONG_LONG),
            Map.entry("s8", CType.CHAR), Map.entry("u8", CType.unsigned(1)),
            Map.entry("s16", CType.signed(2)), Map.entry("u16", CType.unsigned(2)),
            Map.entry("s32", CType.INT), Map.entry("u32", CType.UINT),
            Map.entry("s64", CType.LONG_LONG), Map.entry("u64", CType.ULONG_LONG));

    private static final Set<String> TYPE_WORDS =
            Set.of("char", "short", "int", "long", "signed", "unsigned", "void", "size_t", "uintptr_t", "intptr_t");

    private final String text;
    private final List<Token> tokens;
    private int next;

    Parser(String text) {
        this.text = text;
        this.tokens = Token.scan(text);
    }

    Expr whole() {
        if (tokens.get(0).kind() == Token.Kind.END) {
            throw new ExprException("an expression is missing");
        }
        Expr e = conditional();
        if (peek().kind() != Token.Kind.END) {
            throw unexpected();
        }
        return e;
    }

    private Expr conditional() {
        Expr condition = binary(0);
        if (!accept("?")) {
            return condition;
        }
        Expr then = conditional();
        expect(":");
        return new Expr.Conditional(condition, then, conditional());
    }

    private Expr binary(int level) {
        if (level == LEVELS.size()) {
            return unary();
        }
        Expr left = binary(level + 1);
        while (peek().kind() == Token.Kind.OPERATOR && LEVELS.get(level).contains(peek().text())) {
            String operator = take().text();
            Expr right = binary(level + 1);
            left = operator.equals("@") ? new Expr.Repeat(left, right) : new Expr.Binary(operator, left, right);
        }
        return left;
    }

    private Expr unary() {
        Token t = peek();
        if (t.kind() == Token.Kind.OPERATOR) {
            switch (t.text()) {
                case "-", "~", "!", "+" -> {
                    next++;
                    return new Expr.Unary(t.text().charAt(0), unary());
                }
                case "*" -> {
                    next++;
                    return new Expr.Dereference(unary());
                }
                case "&" -> {
                    next++;
                    return new Expr.AddressOf(unary());
                }
                case "{" -> {
                    next++;
                    Expr.TypeName type = typeName();
                    expect("}");
                    return new Expr.At(type, unary());
                }
                case "(" -> {
                    if (startsType(tokens.get(next + 1))) {
                        next++;
                        Expr.TypeName type = typeName();
                        expect(")");
                        return new Expr.Cast(type, unary());
                    }
                }
                default -> { }
            }
        }
        return postfix();
    }

    private Expr postfix() {
        Expr e = primary();
        while (accept("[")) {
            Expr index = conditional();
            expect("]");
            e = new Expr.Index(e, index);
        }
        return e;
    }

    private Expr primary() {
        Token t = take();
        switch (t.kind()) {
            case NUMBER -> {
                return new Expr.Literal(t.value());
            }
            case VARIABLE -> {
                return new Expr.Variable(t.text());
            }
            case NAME -> {
                return new Expr.Symbol(t.text());
            }
            case OPERATOR -> {
                if (t.text().equals("(")) {
                    Expr e = conditional();
                    expect(")");
                    return e;
                }
            }
            case END -> throw unexpected();
        }
        next--;
        throw unexpected();
    }

    private static boolean startsType(Token t) {
        return t.kind() == Token.Kind.NAME && (TYPE_WORDS.contains(t.text()) || FIXED.containsKey(t.text()));
    }

    private Expr.TypeName typeName() {
        List<String> words = new ArrayList<>();
        while (startsType(peek())) {
            words.add(take().text());
        }
        if (words.isEmpty()) {
            throw unexpected();
        }
        int stars = 0;
        while (accept("*")) {
            stars++;
        }
        return named(words, stars);
    }

    private Expr.TypeName named(List<String> words, int stars) {
        boolean signed = !words.contains("unsigned") && !words.contains("size_t") && !words.contains("uintptr_t");
        if (words.size() == 1 && FIXED.containsKey(words.get(0))) {
            return new Expr.TypeName(FIXED.get(words.get(0)), signed, stars);
        }
        long longs = words.stream().filter("long"::equals).count();
        Set<String> kinds = new HashSet<>(words);
        kinds.removeAll(Set.of("signed", "unsigned"));
        CType base = null;
        if (kinds.equals(Set.of("void"))) {
            base = CType.VOID;
        } else if (kinds.equals(Set.of("char"))) {
            base = signed ? CType.CHAR : CType.unsigned(1);
        } else if (kinds.contains("short")) {
            base = signed ? CType.signed(2) : CType.unsigned(2);
        } else if (kinds.isEmpty() || kinds.equals(Set.of("int"))) {
            base = signed ? CType.INT : CType.UINT;
        } else if (longs >= 2) {
            base = signed ? CType.LONG_LONG : CType.ULONG_LONG;
        }
        kinds.removeAll(Set.of("int"));
        if (kinds.size() > 1 || longs > 2) {
            throw new ExprException("no such type: " + String.join(" ", words));
        }
        return new Expr.TypeName(base, signed, stars);
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        return tokens.get(next == tokens.size() - 1 ? next : next++);
    }

    private boolean accept(String operator) {
        if (peek().kind() == Token.Kind.OPERATOR && peek().text().equals(operator)) {
            next++;
            return true;
        }
        return false;
    }

    private void expect(String operator) {
        if (!accept(operator)) {
            Token t = peek();
            throw new ExprException("expected '" + operator + "' "
                    + (t.kind() == Token.Kind.END ? "at the end of " : "before '" + t.text() + "' in ") + text.strip());
        }
    }

    private ExprException unexpected() {
        Token t = peek();
        return new ExprException(t.kind() == Token.Kind.END
                ? "the expression ends too early: " + text.strip()
                : "unexpected '" + t.text() + "' in " + text.strip());
    }
}
