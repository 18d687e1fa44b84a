package dev.caretaker.cli.output;

/** Texts as a terminal shows them: columns rather than characters, and nothing that could steer the terminal. */
public final class Text {
    private static final int SHORTEST_NAME = 6;

    private Text() {}

    /** Control characters, which a table's name may hold, made visible. */
    public static String visible(String text) {
        if (text.codePoints().noneMatch(Text::steers)) {
            return text;
        }
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (steers(c)) {
                safe.append(c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\u" + hex(c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    private static String hex(int codePoint) {
        String digits = Integer.toHexString(codePoint);
        return "0".repeat(Math.max(0, 4 - digits.length())) + digits;
    }

    /** Controls, and the characters that reorder text from right to left. */
    private static boolean steers(int c) {
        return Character.isISOControl(c) || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
    }

    /** Columns the text takes. */
    public static int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            width += width(c);
            i += Character.charCount(c);
        }
        return width;
    }

    /** At most {@code columns} wide, with an ellipsis where something is missing. */
    public static String fit(String text, int columns) {
        if (text.length() * 2 <= columns || width(text) <= columns) {
            return text;
        }
        int end = 0;
        int width = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            if (width + width(c) > columns - 1) {
                break;
            }
            width += width(c);
            end += Character.charCount(c);
        }
        return columns < 1 ? "" : text.substring(0, end) + "…";
    }

    /** The same for a name: what is missing is missing in its middle, since names of one sort differ at their ends. */
    public static String fitName(String name, int columns) {
        int[] points = name.codePoints().toArray();
        if (width(name) <= columns || columns < SHORTEST_NAME) {
            return fit(name, columns);
        }
        int head = 0;
        int tail = points.length;
        int left = columns - 1;
        while (head < tail) {
            boolean atEnd = (points.length - tail) < 2 * head;
            int next = width(atEnd ? points[tail - 1] : points[head]);
            if (next > left) {
                break;
            }
            left -= next;
            if (atEnd) {
                tail--;
            } else {
                head++;
            }
        }
        return new String(points, 0, head) + "…" + new String(points, tail, points.length - tail);
    }

    /** Filled up with spaces to {@code columns}. */
    public static String pad(String text, int columns, boolean right) {
        String spaces = " ".repeat(Math.max(0, columns - width(text)));
        return right ? spaces + text : text + spaces;
    }

    /** Two columns for the wide characters of East Asia and emoji, none for marks that sit on another character. */
    private static int width(int c) {
        if (c < 0x300) {
            return 1;
        }
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = c >= 0x1100 && c <= 0x115f
                || c >= 0x2e80 && c <= 0xa4cf && c != 0x303f
                || c >= 0xac00 && c <= 0xd7a3
                || c >= 0xf900 && c <= 0xfaff
                || c >= 0xfe30 && c <= 0xfe6f
                || c >= 0xff00 && c <= 0xff60
                || c >= 0xffe0 && c <= 0xffe6
                || c >= 0x1f300 && c <= 0x1f64f
                || c >= 0x1f680 && c <= 0x1f6ff
                || c >= 0x1f900 && c <= 0x1f9ff
                || c >= 0x20000 && c <= 0x3fffd;
        return wide ? 2 : 1;
    }
}
