package dev.retrap.trace.diff;

/** Writes JSON (RFC 8259), indented by two. */
final class Json {
    private final StringBuilder out = new StringBuilder();
    private int depth;
    private boolean first = true;

    Json begin(String name, char bracket) {
        item(name);
        out.append(bracket);
        depth++;
        first = true;
        return this;
    }

    Json end(char bracket) {
        depth--;
        if (!first) {
            newline();
        }
        out.append(bracket);
        first = false;
        return this;
    }

    Json text(String name, String value) {
        item(name);
        quoted(value);
        return this;
    }

    Json number(String name, long value) {
        item(name);
        out.append(value);
        return this;
    }

    Json bool(String name, boolean value) {
        item(name);
        out.append(value);
        return this;
    }

    /** A name (null within an array) behind the separator it needs. */
    private void item(String name) {
        if (depth > 0) {
            if (!first) {
                out.append(',');
            }
            newline();
        }
        first = false;
        if (name != null) {
            quoted(name);
            out.append(": ");
        }
    }

    private void newline() {
        out.append('\n').append("  ".repeat(depth));
    }

    private void quoted(String s) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                default -> {
                    if (c < 0x20 || Character.isSurrogate(c)) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    @Override
    public String toString() {
        return out + "\n";
    }
}
