package dev.caretaker.server.report;

import dev.caretaker.server.config.ReportFormat;
import dev.caretaker.server.report.gather.RunGatherer;
import dev.caretaker.server.report.gather.TargetGatherer;
import dev.caretaker.server.report.page.HtmlPage;
import dev.caretaker.server.report.page.MarkdownPage;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;

/** Gathers reports and writes them. All methods throw {@link dev.caretaker.server.error.CaretakerException}. */
@Singleton
public class Reports {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HHmm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final RunGatherer runs;
    private final TargetGatherer targets;
    private final HtmlPage html;
    private final MarkdownPage markdown;
    private final ReportJson json;

    Reports(RunGatherer runs, TargetGatherer targets, HtmlPage html, MarkdownPage markdown, ReportJson json) {
        this.runs = runs;
        this.targets = targets;
        this.html = html;
        this.markdown = markdown;
        this.json = json;
    }

    /** The figures of a run. Fails with RUN_NOT_FOUND. */
    public RunReport ofRun(UUID runId) {
        return runs.gather(runId);
    }

    /** The figures of a target over a period. Looks at the target. Fails with TARGET_NOT_FOUND. */
    public TargetReport ofTarget(String target, Period period) {
        return targets.gather(target, period);
    }

    /** The same figures always give the same bytes. */
    public Document write(Report report, ReportFormat format) {
        String text = switch (format) {
            case HTML -> html.write(report);
            case MARKDOWN -> markdown.write(report);
            case JSON -> json.write(report);
        };
        return new Document(format, name(report) + "." + format.extension(), text.getBytes(StandardCharsets.UTF_8));
    }

    private static String name(Report report) {
        return switch (report) {
            case RunReport run ->
                "caretaker-" + run.target() + "-run-" + run.run().id();
            case TargetReport target ->
                "caretaker-" + target.target() + "-"
                        + MINUTE.format(target.period().since()) + "-to-"
                        + MINUTE.format(target.period().until());
        };
    }
}
