package dev.caretaker.cli.report;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.runs.RunArgument;
import dev.caretaker.v1.ReportFormat;
import dev.caretaker.v1.ReportPeriod;
import dev.caretaker.v1.RunReportRequest;
import dev.caretaker.v1.RunReportResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker report}. */
@Command(
        name = "report",
        description = {
            "Tell what was and was not done, for people: of one run, or of a database over some time.",
            "Looks at the database as 'caretaker health' does. Reads only."
        },
        footer = {
            "",
            "Examples:",
            "  caretaker report --target shop --to shop.html            the last seven days as a page",
            "  caretaker report --target shop --since 30d               the last 30 days, in Markdown",
            "  caretaker report --target shop --since 2026-11-01 --until 2026-12-01 --format json",
            "  caretaker report --run 3f9a --to run.html                one run"
        })
public final class ReportCommand implements Runnable {
    /** All checks run, a few at a time, each for at most half a minute. */
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(10);

    private final Session session;

    @Option(names = "--run", paramLabel = "RUN", description = "The run to tell of: its id, or its beginning.")
    private String run;

    @Option(names = "--target", paramLabel = "NAME", description = "The target to tell of.")
    private String target;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Where the time begins: a span back from now such as 7d, a day such as 2026-11-01 (UTC), or an"
                            + " instant such as 2026-11-01T06:00:00Z. Default: seven days before its end.")
    private String since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Where it ends, written in the same way. Default: now.")
    private String until;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "html (one file, no scripts), markdown or json. Default: as --to ends, else markdown.")
    private String format;

    @Option(
            names = "--to",
            paramLabel = "FILE",
            description = "Write it into this file, in place of one that is there. Default: standard output.")
    private Path file;

    public ReportCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        RunReportResponse answer =
                session.connection().usuallyWithin(USUAL_LIMIT).reports().runReport(request());
        if (file == null) {
            session.environment().out().writeBytes(answer.getDocument().toByteArray());
            session.environment().out().flush();
        } else {
            ReportFile.write(file, answer.getDocument().toByteArray());
            session.hint("Written to " + file + ".");
        }
    }

    private RunReportRequest request() {
        if ((run == null) == (target == null)) {
            throw CommandFailure.usage("a report of what? Give --run or --target");
        }
        RunReportRequest.Builder request = RunReportRequest.newBuilder().setFormat(format());
        if (run == null) {
            return request.setPeriod(period()).build();
        }
        if (since != null || until != null) {
            throw CommandFailure.usage("--since and --until go with --target");
        }
        return request.setRunId(RunArgument.whole(session, run)).build();
    }

    private ReportPeriod period() {
        Instant now = session.environment().clock().instant();
        ReportPeriod.Builder period = ReportPeriod.newBuilder().setTarget(target);
        if (since != null) {
            period.setSinceTime(timestamp(Moment.parse("--since", since, now)));
        }
        if (until != null) {
            period.setUntilTime(timestamp(Moment.parse("--until", until, now)));
        }
        return period.build();
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    private ReportFormat format() {
        if (format != null) {
            return Formats.named(format);
        }
        if (file != null) {
            return Formats.ofFile(file)
                    .orElseThrow(() -> new CommandFailure(
                            ExitCode.USAGE, "which format? " + file + " does not tell; give --format"));
        }
        return switch (session.format()) {
            case TABLE -> ReportFormat.REPORT_FORMAT_MARKDOWN;
            case JSON, NDJSON -> ReportFormat.REPORT_FORMAT_JSON;
            case YAML, SARIF -> throw CommandFailure.usage("a report has the formats html, markdown and json");
        };
    }
}
