package dev.retrap.repl.expr;

/** Gives parsed expressions their value, by C's rules for integers. */
final class Evaluator {
    /** More elements than anyone reads; keeps {@code x@1000000000} from filling the heap. */
    private static final int MAX_ELEMENTS = 65536;

    private Evaluator() {}

    static Value evaluate(Expr e, Scope scope) {
        return switch (e) {
            case Expr.Literal(Value value) -> value;
            case Expr.Variable(String name) -> {
                Value value = scope.variable(name);
                if (value == null) {
                    throw new ExprException("no register or variable $" + name);
                }
                yield value;
            }
            case Expr.Symbol(String name) -> {
                Long address = scope.symbol(name);
                if (address == null) {
                    throw new ExprException("No symbol \"" + name + "\" in the guest");
                }
                // A 64-bit kernel's symbols while a 32-bit program runs.
                boolean far = address >>> 32 != 0;
                yield Value.of(far ? new CType.Pointer(CType.VOID, 8) : pointerTo(CType.VOID, scope), address);
            }
            case Expr.Unary(char operator, Expr operand) -> unary(operator, evaluate(operand, scope));
            case Expr.Dereference(Expr operand) -> dereference(evaluate(operand, scope), scope);
            case Expr.AddressOf(Expr operand) -> addressOf(operand, scope);
            case Expr.Cast(Expr.TypeName type, Expr operand) ->
                    cast(type.resolve(scope.wordBytes()), evaluate(operand, scope));
            case Expr.At(Expr.TypeName type, Expr address) ->
                    load(type.resolve(scope.wordBytes()), evaluate(address, scope).asAddress(), scope);
            case Expr.Repeat(Expr first, Expr count) ->
                    repeat(evaluate(first, scope), evaluate(count, scope).bits());
            case Expr.Index(Expr base, Expr index) -> dereference(
                    add(evaluate(base, scope), evaluate(index, scope).bits(), 1), scope);
            case Expr.Binary(String operator, Expr left, Expr right) when operator.equals("&&") ->
                    truth(evaluate(left, scope).isTrue() && evaluate(right, scope).isTrue());
            case Expr.Binary(String operator, Expr left, Expr right) when operator.equals("||") ->
                    truth(evaluate(left, scope).isTrue() || evaluate(right, scope).isTrue());
            case Expr.Binary(String operator, Expr left, Expr right) ->
                    binary(operator, evaluate(left, scope), evaluate(right, scope));
            case Expr.Conditional(Expr condition, Expr then, Expr otherwise) ->
                    evaluate(condition, scope).isTrue() ? evaluate(then, scope) : evaluate(otherwise, scope);
        };
    }

    private static CType.Pointer pointerTo(CType target, Scope scope) {
        return new CType.Pointer(target, Math.max(scope.wordBytes(), 4));
    }

    private static Value load(CType type, long address, Scope scope) {
        if (type instanceof CType.Void) {
            return load(CType.signed(Math.max(scope.wordBytes(), 4)), address, scope);
        }
        return Value.at(type, scope.read(address, type.size()), address);
    }

    private static Value dereference(Value v, Scope scope) {
        return switch (v.type()) {
            case CType.Pointer p -> load(p.target(), v.bits(), scope);
            case CType.Array a -> load(a.element(), v.address(), scope);
            default -> load(CType.VOID, v.unsigned(), scope);
        };
    }

    private static Value addressOf(Expr operand, Scope scope) {
        Value v = evaluate(operand, scope);
        if (v.inMemory()) {
            CType target = v.type() instanceof CType.Array a ? a.element() : v.type();
            return Value.of(pointerTo(target, scope), v.address());
        }
        if (operand instanceof Expr.Symbol) {
            return v;
        }
        throw new ExprException("& needs something in memory");
    }

    private static Value cast(CType type, Value v) {
        if (type instanceof CType.Void) {
            throw new ExprException("cannot cast to void");
        }
        return Value.of(type, v.asAddress());
    }

    private static Value repeat(Value first, long count) {
        if (!first.inMemory() || first.type() instanceof CType.Array) {
            throw new ExprException("the left of @ must be one element in memory, such as *(int *)$esp");
        }
        if (count < 1 || count > MAX_ELEMENTS) {
            throw new ExprException("the count after @ must be 1.." + MAX_ELEMENTS + ", not " + count);
        }
        return new Value(new CType.Array(first.type(), (int) count), 0, true, first.address());
    }

    private static Value unary(char operator, Value v) {
        if (operator == '!') {
            return truth(!v.isTrue());
        }
        CType type = promote(v.type());
        long bits = v.asAddress();
        return Value.of(type, switch (operator) {
            case '-' -> -bits;
            case '~' -> ~bits;
            default -> bits;
        });
    }

    private static Value truth(boolean b) {
        return Value.of(CType.INT, b ? 1 : 0);
    }

    private static Value binary(String operator, Value a, Value b) {
        boolean pointerLeft = isPointer(a);
        boolean pointerRight = isPointer(b);
        if (operator.equals("+") && pointerLeft != pointerRight) {
            return pointerLeft ? add(a, b.bits(), 1) : add(b, a.bits(), 1);
        }
        if (operator.equals("-") && pointerLeft) {
            return pointerRight ? difference(a, b) : add(a, b.bits(), -1);
        }
        if (operator.equals("<<") || operator.equals(">>")) {
            return shift(operator, a, b);
        }
        CType type = common(promote(a.type()), promote(b.type()));
        long x = Value.of(type, a.asAddress()).bits();
        long y = Value.of(type, b.asAddress()).bits();
        boolean signed = type.isSigned();
        return switch (operator) {
            case "+" -> Value.of(type, x + y);
            case "-" -> Value.of(type, x - y);
            case "*" -> Value.of(type, x * y);
            case "/" -> Value.of(type, signed ? x / nonZero(y) : Long.divideUnsigned(x, nonZero(y)));
            case "%" -> Value.of(type, signed ? x % nonZero(y) : Long.remainderUnsigned(x, nonZero(y)));
            case "&" -> Value.of(type, x & y);
            case "|" -> Value.of(type, x | y);
            case "^" -> Value.of(type, x ^ y);
            case "==" -> truth(x == y);
            case "!=" -> truth(x != y);
            case "<" -> truth(compare(x, y, signed) < 0);
            case ">" -> truth(compare(x, y, signed) > 0);
            case "<=" -> truth(compare(x, y, signed) <= 0);
            case ">=" -> truth(compare(x, y, signed) >= 0);
            default -> throw new ExprException("unknown operator " + operator);
        };
    }

    private static int compare(long x, long y, boolean signed) {
        return signed ? Long.compare(x, y) : Long.compareUnsigned(x, y);
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw new ExprException("division by zero");
        }
        return divisor;
    }

    private static boolean isPointer(Value v) {
        return v.type() instanceof CType.Pointer || v.type() instanceof CType.Array;
    }

    private static CType target(Value v) {
        return switch (v.type()) {
            case CType.Pointer p -> p.target();
            case CType.Array a -> a.element();
            default -> CType.VOID;
        };
    }

    private static Value add(Value base, long count, int sign) {
        CType target = target(base);
        CType type = base.type() instanceof CType.Array a ? new CType.Pointer(a.element(), 8) : base.type();
        return Value.of(type, base.asAddress() + sign * count * Math.max(target.size(), 1));
    }

    private static Value difference(Value a, Value b) {
        return Value.of(CType.LONG_LONG, (a.asAddress() - b.asAddress()) / Math.max(target(a).size(), 1));
    }

    private static Value shift(String operator, Value a, Value b) {
        CType type = promote(a.type());
        long x = Value.of(type, a.asAddress()).bits();
        long count = b.bits();
        if (count < 0 || count >= type.size() * 8L) {
            return Value.of(type, operator.equals(">>") && x < 0 && type.isSigned() ? -1 : 0);
        }
        return Value.of(type, operator.equals("<<") ? x << count : type.isSigned() ? x >> count : x >>> count);
    }

    /** C's integer promotion; addresses and flags become unsigned integers. */
    private static CType promote(CType type) {
        return switch (type) {
            case CType.Int i -> i.size() < 4 ? CType.INT : i;
            case CType.Pointer p -> CType.unsigned(p.size());
            case CType.Flags f -> CType.unsigned(Math.max(f.size(), 4));
            case CType.Array a -> CType.ULONG_LONG;
            case CType.Void v -> CType.INT;
        };
    }

    private static CType common(CType a, CType b) {
        if (a.size() != b.size()) {
            return a.size() > b.size() ? a : b;
        }
        return a.isSigned() ? b : a;
    }
}
