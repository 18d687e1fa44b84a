package dev.caretaker.server.report.page;

/** Texts that come from elsewhere, written so that Markdown shows them as they are. */
public final class Markdown {
    /** Has a meaning wherever it stands. */
    private static final String ALWAYS = "\\`*[]<>|$";

    /** Begins a block where it is the first of a line: a list, a heading, a rule. */
    private static final String FIRST = "#+-=>";

    private static final int BAR = 12;

    private Markdown() {}

    /** Text on one line in which nothing is markup. Underscores within words stay, since there they mean nothing. */
    static String text(String text) {
        String line = Show.visible(text);
        StringBuilder escaped = new StringBuilder(line.length() + 8);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean first = i == 0 && FIRST.indexOf(c) >= 0;
            boolean emphasis = c == '_' && !(isWord(line, i - 1) && isWord(line, i + 1));
            boolean entity = c == '&' && i + 1 < line.length() && (isWord(line, i + 1) || line.charAt(i + 1) == '#');
            boolean numbered = (c == '.' || c == ')') && isNumber(line, i) && !isWord(line, i + 1);
            boolean image = c == '!' && i + 1 < line.length() && line.charAt(i + 1) == '[';
            boolean link = c == ':' && line.startsWith("://", i);
            boolean tilde = c == '~' && !isEstimate(line, i);
            if (ALWAYS.indexOf(c) >= 0 || tilde || first || emphasis || entity || numbered || image || link) {
                escaped.append('\\');
            }
            escaped.append(c);
            if (c == '@' && isWord(line, i + 1)) {
                escaped.append('\u200b'); // nobody is called
            }
        }
        return escaped.toString();
    }

    private static boolean isWord(String line, int index) {
        return index >= 0 && index < line.length() && Character.isLetterOrDigit(line.charAt(index));
    }

    /** A tilde before a number strikes nothing through, since it could only begin that, and others are escaped. */
    private static boolean isEstimate(String line, int index) {
        return (index == 0 || line.charAt(index - 1) == ' ')
                && index + 1 < line.length()
                && Character.isDigit(line.charAt(index + 1));
    }

    /** Whether all before is digits: a list with numbers. */
    private static boolean isNumber(String line, int end) {
        return end > 0 && end < 10 && line.substring(0, end).chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** A name as code, also within a table: nothing in it is markup, and underscores need no escapes. */
    public static String code(String name) {
        String line = Show.visible(name);
        if (line.isBlank()) {
            return "` `";
        }
        String fence = "`".repeat(longestRun(line) + 1);
        boolean spaced = line.startsWith("`") || line.endsWith("`") || line.startsWith(" ") && line.endsWith(" ");
        String inside = spaced ? " " + line + " " : line;
        return fence + inside.replace("|", "\\|") + fence;
    }

    private static int longestRun(String line) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < line.length(); i++) {
            run = line.charAt(i) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    /** The same with one empty line between parts of different kinds, and none elsewhere: templates leave some too many or few. */
    static String tidy(String page) {
        StringBuilder tidy = new StringBuilder(page.length());
        char before = ' ';
        boolean apart = false;
        for (String line : page.lines().toList()) {
            if (line.isBlank()) {
                apart = true;
                continue;
            }
            char kind = "#|-".indexOf(line.charAt(0)) < 0 ? 'a' : line.charAt(0);
            boolean separate = kind != before || kind == '#' || apart && kind == 'a';
            if (!tidy.isEmpty() && separate) {
                tidy.append('\n');
            }
            tidy.append(line).append('\n');
            before = kind;
            apart = false;
        }
        return tidy.toString();
    }

    /** A bar of blocks, as long as the share of the greatest value that it stands for; empty for nothing. */
    public static String bar(long value, long most) {
        if (value <= 0 || most <= 0) {
            return "";
        }
        return "█".repeat((int) Math.max(1, Math.round((double) value * BAR / most)));
    }
}
