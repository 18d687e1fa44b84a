package dev.caretaker.server.notify.channel;

import dev.caretaker.server.store.Notice;
import dev.caretaker.server.store.NoticePart;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What a mail says, plain and as HTML. Whatever people have named things is text in it. */
record MailText(Notice notice, URI source) {
    private static final int MOST_CHARACTERS = 3_000;
    private static final int MOST_OF_A_PART = 500;
    private static final String CELL = "<td style=\"padding:2px 10px 2px 0;vertical-align:top\">";

    /** How bad it is, or that it is over. */
    static String head(Notice notice) {
        return notice.resolves().isPresent() ? "resolved" : word(notice.severity());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    String plain() {
        StringBuilder text = new StringBuilder();
        text.append(head(notice)).append(": ").append(PlainText.line(notice.summary(), MOST_CHARACTERS));
        text.append("\n");
        for (NoticePart part : notice.parts()) {
            text.append("\n").append(plain(part));
        }
        if (notice.partsLeftOut() > 0) {
            text.append("\nand ").append(notice.partsLeftOut()).append(" more");
        }
        for (String still : notice.still()) {
            text.append("\nstill: ").append(PlainText.line(still, MOST_OF_A_PART));
        }
        return text.append("\n\n-- \n").append(foot()).append("\n").toString();
    }

    private static String plain(NoticePart part) {
        return second(part.occurred()) + "  " + head(part) + "  " + PlainText.line(part.summary(), MOST_OF_A_PART);
    }

    private static String head(NoticePart part) {
        return part.resolves().isPresent() ? "resolved" : word(part.severity());
    }

    /** What people need of an instant. */
    private static Instant second(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS);
    }

    private String foot() {
        return notice.type() + " of " + second(notice.occurred()) + ", notification " + notice.id() + ", from "
                + source;
    }

    String html() {
        StringBuilder html = new StringBuilder("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head>"
                + "<body style=\"font-family:sans-serif;line-height:1.4\">\n");
        html.append("<p><strong style=\"color:").append(colour()).append("\">");
        html.append(head(notice)).append("</strong> ");
        html.append(escaped(notice.summary(), MOST_CHARACTERS)).append("</p>\n");
        if (!notice.parts().isEmpty()) {
            html.append("<table style=\"border-collapse:collapse\">\n");
            notice.parts().forEach(part -> row(html, part));
            html.append("</table>\n");
        }
        if (notice.partsLeftOut() > 0) {
            html.append("<p>and ").append(notice.partsLeftOut()).append(" more</p>\n");
        }
        for (String still : notice.still()) {
            html.append("<p>still: ").append(escaped(still, MOST_OF_A_PART)).append("</p>\n");
        }
        html.append("<p style=\"color:#777;font-size:small\">")
                .append(escaped(foot(), MOST_CHARACTERS))
                .append("</p>\n");
        return html.append("</body></html>\n").toString();
    }

    private String colour() {
        return switch (notice.severity()) {
            case CRITICAL -> notice.resolves().isPresent() ? "#1a7f37" : "#b42318";
            case WARNING -> notice.resolves().isPresent() ? "#1a7f37" : "#b54708";
            case INFO -> "#475467";
        };
    }

    private static void row(StringBuilder html, NoticePart part) {
        html.append("<tr>").append(CELL).append(second(part.occurred())).append("</td>");
        html.append(CELL).append(head(part)).append("</td>");
        html.append(CELL).append(escaped(part.summary(), MOST_OF_A_PART)).append("</td></tr>\n");
    }

    private static String escaped(String text, int most) {
        return PlainText.line(text, most)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
