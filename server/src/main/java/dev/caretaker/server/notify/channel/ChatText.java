package dev.caretaker.server.notify.channel;

import java.util.regex.Pattern;

/**
 * Text that no chat takes for anything but text, whatever people have named things. Slack knows {@code &}, {@code <} and
 * {@code >} (https://docs.slack.dev/messaging/formatting-message-text); what takes the same messages often reads Markdown
 * and calls people by {@code @} as well.
 */
final class ChatText {
    private static final String NOTHING = "\u200b";
    /** What some make a link of by itself: a web address without its scheme, a word behind a hash. */
    private static final Pattern LINKED = Pattern.compile("www(?=\\.)|#(?=\\p{L})", Pattern.CASE_INSENSITIVE);

    private ChatText() {}

    /** @param most characters that are left of it, beside an ellipsis and what keeps single words from becoming links */
    static String harmless(String text, int most) {
        StringBuilder harmless = new StringBuilder();
        int[] characters = PlainText.line(text, most).codePoints().toArray();
        for (int i = 0; i < characters.length; i++) {
            int before = harmless.length();
            if (characters[i] == '_' && !isWithinWord(characters, i)) {
                harmless.append('\u02cd'); // within a word nobody reads emphasis, and names stay as they are
            } else {
                append(harmless, characters[i]);
            }
            if (harmless.length() > most) {
                harmless.setLength(before); // an escape that is cut would be none
                harmless.append('\u2026');
                break;
            }
        }
        return LINKED.matcher(harmless).replaceAll("$0" + NOTHING);
    }

    private static boolean isWithinWord(int[] characters, int place) {
        return place > 0
                && place + 1 < characters.length
                && Character.isLetterOrDigit(characters[place - 1])
                && Character.isLetterOrDigit(characters[place + 1]);
    }

    private static void append(StringBuilder harmless, int character) {
        switch (character) {
            case '&' -> harmless.append("&amp;");
            case '<' -> harmless.append("&lt;");
            case '>' -> harmless.append("&gt;");
            case '@' -> harmless.append('@').append(NOTHING); // nobody is called
            case '`' -> harmless.append('\u02cb');
            case '*' -> harmless.append('\u2217');
            case '|' -> harmless.append('\u2223');
            case '\\' -> harmless.append('\u29f5');
            case '~' -> harmless.append('\u223c');
            case '[' -> harmless.append('\u27e6');
            case ']' -> harmless.append('\u27e7');
            case '/' -> harmless.append('/').append(NOTHING); // no link by itself
            default -> harmless.appendCodePoint(character);
        }
    }
}
