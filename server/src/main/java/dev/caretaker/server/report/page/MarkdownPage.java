package dev.caretaker.server.report.page;

import dev.caretaker.server.report.Report;
import dev.caretaker.server.report.RunReport;
import dev.caretaker.server.report.TargetReport;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import jakarta.inject.Singleton;

/** A report in Markdown with tables, as GitHub shows it and as a terminal can be read. */
@Singleton
public final class MarkdownPage {
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(
            null, ContentType.Plain, MarkdownPage.class.getClassLoader(), "dev.caretaker.server.report.page.markdown");

    public String write(Report report) {
        StringOutput page = new StringOutput();
        templates.render(template(report), report, new MarkdownOutput(page));
        return Markdown.tidy(page.toString());
    }

    private static String template(Report report) {
        return switch (report) {
            case RunReport run -> "run.jte";
            case TargetReport target -> "target.jte";
        };
    }
}
