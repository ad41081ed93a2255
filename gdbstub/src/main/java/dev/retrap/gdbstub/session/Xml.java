package dev.retrap.gdbstub.session;

/** Text for XML documents. */
final class Xml {
    private Xml() {}

    /** Text with markup characters escaped and control characters replaced. */
    static String text(String text) {
        StringBuilder xml = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '&' -> xml.append("&amp;");
                case '"' -> xml.append("&quot;");
                default -> xml.append(c < ' ' ? ' ' : c);
            }
        }
        return xml.toString();
    }
}
