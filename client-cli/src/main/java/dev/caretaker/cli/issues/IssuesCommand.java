package dev.caretaker.cli.issues;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.error.ServerError;
import dev.caretaker.cli.output.Format;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.targets.TargetList;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.FindingStatus;
import dev.caretaker.v1.Severity;
import dev.caretaker.v1.Target;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker issues}. */
@Command(
        name = "issues",
        description = "Find what is wrong with a database: how bad, how sure, and what to do. Reads only.",
        footer = {
            "",
            "With -o sarif the findings are a SARIF 2.1.0 log. Exits with 6 when --fail-on is met.",
            "Figures are those of the server's statistics; 'estimated' and 'rule of thumb' say so."
        })
public final class IssuesCommand implements Callable<Integer> {
    /** Checks run a few at a time, each for at most half a minute. */
    static final Duration USUAL_LIMIT = Duration.ofMinutes(10);

    private final Session session;

    @Option(
            names = "--target",
            paramLabel = "NAME",
            description =
                    "The target to look at. Default: all, and those that cannot be reached hide nothing of the others.")
    private String target;

    @Option(
            names = "--check",
            paramLabel = "ID",
            split = ",",
            description = "Only these checks; also those that run on request. 'caretaker checks' lists them.")
    private List<String> checks = List.of();

    @Option(
            names = "--severity",
            paramLabel = "LEVEL",
            converter = Severities.class,
            description = "Only findings at least this bad: info, warning, critical. Default: info.")
    private Severity severity = Severity.SEVERITY_INFO;

    @Option(
            names = "--fail-on",
            paramLabel = "LEVEL",
            converter = Severities.class,
            description = "Exit with 6 if a finding is at least this bad.")
    private Severity failOn;

    @Option(
            names = "--set",
            paramLabel = "CHECK.THRESHOLD=VALUE",
            description = "A threshold for this time, such as index-unused.min_bytes=0. May be given several times.")
    private Map<String, String> thresholds = Map.of();

    @Option(names = "--muted", description = "Also findings that are muted.")
    private boolean muted;

    @Option(names = "--gone", description = "Also findings of the time before that are gone.")
    private boolean gone;

    public IssuesCommand(Session session) {
        this.session = session;
    }

    /**
     * What was found on one target.
     *
     * @param failure why it could not be looked at; empty if it was
     */
    record Answer(String target, DetectIssuesResponse response, Optional<ServerError> failure) {}

    @Override
    public Integer call() {
        session.printsFindings();
        List<String> names = targets();
        requirePrintable(names);
        List<Answer> answers =
                names.stream().map(name -> answer(name, names.size() == 1)).toList();
        boolean failed = failOn != null && answers.stream().anyMatch(this::isMet);
        List<Answer> wanted = answers.stream().map(this::wanted).toList();
        if (session.format() == Format.SARIF) {
            session.environment().out().println(Sarif.print(wanted, CheckList.read(session, "")));
            wanted.forEach(answer -> answer.failure()
                    .ifPresent(error ->
                            session.hint("caretaker: " + error.sentence(session.serverAddress(), session.names()))));
        } else {
            show(wanted);
        }
        return failed ? ExitCode.FINDINGS : unseen(answers);
    }

    private static int unseen(List<Answer> answers) {
        return answers.stream()
                .flatMap(answer -> answer.failure().stream())
                .map(error -> ExitCode.of(error.code()))
                .findFirst()
                .orElse(ExitCode.COMPLETE);
    }

    private void requirePrintable(List<String> names) {
        Format format = session.format();
        if (format != Format.TABLE && format != Format.SARIF && names.size() != 1) {
            throw CommandFailure.usage(
                    "-o " + format.name().toLowerCase(Locale.ROOT) + " prints one target: name it with --target");
        }
    }

    /** One of several targets that cannot be looked at hides nothing of the others. */
    private Answer answer(String name, boolean only) {
        try {
            return new Answer(name, detect(name), Optional.empty());
        } catch (StatusRuntimeException e) {
            ServerError error = ServerError.of(e);
            if (only || !error.concernsTarget()) {
                throw e;
            }
            return new Answer(name, DetectIssuesResponse.getDefaultInstance(), Optional.of(error));
        }
    }

    /** What is to be shown: --fail-on may have asked for more than that. */
    private Answer wanted(Answer answer) {
        List<Finding> findings = answer.response().getFindingsList().stream()
                .filter(finding -> finding.getSeverityValue() >= severity.getNumber())
                .toList();
        return new Answer(
                answer.target(),
                answer.response().toBuilder()
                        .clearFindings()
                        .addAllFindings(findings)
                        .build(),
                answer.failure());
    }

    private void show(List<Answer> answers) {
        for (Answer answer : answers) {
            session.printer().many(answer.response(), answer.response().getFindingsList(), page -> {
                if (target == null) {
                    page.heading(answer.target());
                }
                answer.failure()
                        .ifPresentOrElse(
                                error -> page.line(
                                        Style.BAD,
                                        "Not looked at: " + error.sentence(session.serverAddress(), session.names())),
                                () -> IssuesView.show(answer.response(), page));
            });
        }
    }

    private List<String> targets() {
        if (target != null) {
            return List.of(target);
        }
        return TargetList.read(session).getTargetsList().stream()
                .map(Target::getName)
                .toList();
    }

    private DetectIssuesResponse detect(String name) {
        return session.connection()
                .usuallyWithin(USUAL_LIMIT)
                .maintenance()
                .detectIssues(DetectIssuesRequest.newBuilder()
                        .setTarget(name)
                        .addAllChecks(checks)
                        .setMinimumSeverity(
                                failOn != null && failOn.getNumber() < severity.getNumber() ? failOn : severity)
                        .putAllThresholds(thresholds)
                        .setIncludeMuted(muted)
                        .setIncludeGone(gone)
                        .build());
    }

    private boolean isMet(Answer answer) {
        return answer.response().getFindingsList().stream()
                .filter(finding -> finding.getStatus() != FindingStatus.FINDING_STATUS_GONE)
                .filter(finding -> !finding.getMuted())
                .map(Finding::getSeverityValue)
                .anyMatch(level -> level >= failOn.getNumber());
    }
}
