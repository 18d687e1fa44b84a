package dev.caretaker.server.notify.channel;

import dev.caretaker.server.store.Notice;
import dev.caretaker.server.store.NoticePart;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** What a mail says, plain and as HTML. Whatever people have named things is text in it. */
record MailText(Notice notice, URI source) {
    private static final int MOST_CHARACTERS = 3_000;
    private static final int MOST_OF_A_PART = 500;

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
        return new MailPage(
                        head(notice),
                        colour(),
                        PlainText.line(notice.summary(), MOST_CHARACTERS),
                        notice.parts().stream().map(MailText::row).toList(),
                        notice.partsLeftOut(),
                        notice.still().stream()
                                .map(still -> PlainText.line(still, MOST_OF_A_PART))
                                .toList(),
                        PlainText.line(foot(), MOST_CHARACTERS))
                .html();
    }

    private String colour() {
        return switch (notice.severity()) {
            case CRITICAL -> notice.resolves().isPresent() ? "#1a7f37" : "#b42318";
            case WARNING -> notice.resolves().isPresent() ? "#1a7f37" : "#b54708";
            case INFO -> "#475467";
        };
    }

    private static MailPage.Row row(NoticePart part) {
        return new MailPage.Row(List.of(
                second(part.occurred()).toString(), head(part), PlainText.line(part.summary(), MOST_OF_A_PART)));
    }
}
