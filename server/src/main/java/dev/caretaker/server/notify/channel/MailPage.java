package dev.caretaker.server.notify.channel;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.List;

/**
 * What a mail says, as HTML. Its template escapes whatever is put into it.
 *
 * @param head how bad it is, or that it is over
 * @param colour of the head, #rrggbb
 * @param rows events of which it tells, if it is of many
 * @param more events that have no row
 * @param still what goes on since earlier
 */
public record MailPage(
        String head, String colour, String summary, List<Row> rows, long more, List<String> still, String foot) {
    private static final TemplateEngine TEMPLATES = TemplateEngine.createPrecompiled(
            null, ContentType.Html, MailPage.class.getClassLoader(), "dev.caretaker.server.notify.channel.html");

    /** One event. */
    public record Row(List<String> cells) {}

    String html() {
        StringOutput text = new StringOutput();
        TEMPLATES.render("notice.jte", this, text);
        return text.toString();
    }
}
