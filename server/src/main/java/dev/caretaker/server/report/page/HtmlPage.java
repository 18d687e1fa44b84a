package dev.caretaker.server.report.page;

import dev.caretaker.server.report.Report;
import dev.caretaker.server.report.RunReport;
import dev.caretaker.server.report.TargetReport;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import jakarta.inject.Singleton;

/** A report as one HTML file: no script, nothing that is fetched. */
@Singleton
public final class HtmlPage {
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(
            null, ContentType.Html, HtmlPage.class.getClassLoader(), "dev.caretaker.server.report.page.html");

    public String write(Report report) {
        StringOutput page = new StringOutput();
        templates.render(template(report), report, page);
        return page.toString();
    }

    private static String template(Report report) {
        return switch (report) {
            case RunReport run -> "run.jte";
            case TargetReport target -> "target.jte";
        };
    }
}
