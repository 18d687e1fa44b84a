package dev.caretaker.server.notify.channel;

/**
 * Text that no chat takes for anything but text, whatever people have named things. Slack knows {@code &}, {@code <} and
 * {@code >} (https://docs.slack.dev/messaging/formatting-message-text); what takes the same messages often reads Markdown
 * and calls people by {@code @} as well.
 */
final class ChatText {
    private static final String NOTHING = "\u200b";

    private ChatText() {}

    /** @param most characters of the text that are taken */
    static String harmless(String text, int most) {
        StringBuilder harmless = new StringBuilder();
        PlainText.line(text, most).codePoints().forEach(character -> append(harmless, character));
        return harmless.toString();
    }

    private static void append(StringBuilder harmless, int character) {
        switch (character) {
            case '&' -> harmless.append("&amp;");
            case '<' -> harmless.append("&lt;");
            case '>' -> harmless.append("&gt;");
            case '@' -> harmless.append('@').append(NOTHING); // nobody is called
            case '`' -> harmless.append('\u02cb');
            case '*' -> harmless.append('\u2217');
            case '~' -> harmless.append('\u223c');
            case '[' -> harmless.append('\u27e6');
            case ']' -> harmless.append('\u27e7');
            case '/' -> harmless.append('/').append(NOTHING); // no link by itself
            default -> harmless.appendCodePoint(character);
        }
    }
}
