package dev.caretaker.server.notify.channel;

/** One line of text, whatever people have named things: without line breaks, control characters and invisible ones. */
final class PlainText {
    private PlainText() {}

    /** @param most characters */
    static String line(String text, int most) {
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(most).forEach(character -> {
            int type = Character.getType(character);
            // Format characters turn the direction of what follows, or cannot be seen.
            if (type != Character.FORMAT && type != Character.SURROGATE) {
                line.appendCodePoint(breaks(character, type) ? ' ' : character);
            }
        });
        return text.codePointCount(0, text.length()) > most ? line + "…" : line.toString();
    }

    private static boolean breaks(int character, int type) {
        return Character.isISOControl(character)
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
