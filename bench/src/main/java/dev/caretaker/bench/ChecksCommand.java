package dev.caretaker.bench;

import dev.caretaker.v1.CheckReport;
import dev.caretaker.v1.CheckStatus;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.DetectIssuesResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how long all checks take on a database with very many tables. */
@Command(
        name = "checks",
        description = {
            "Runs all checks through Caretaker's real server on a database of 10,000 tables with 50,000 indexes.",
            "Needs about 2 GB of memory and 3 GB of disk (in java.io.tmpdir)."
        },
        mixinStandardHelpOptions = true)
final class ChecksCommand implements Callable<Integer> {
    /** What it is to stay under, for 10,000 tables and 50,000 indexes. */
    private static final double GOAL_SECONDS = 10;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--tables", defaultValue = "10000", description = "Tables (default: ${DEFAULT-VALUE}).")
    private int tables;

    @Option(names = "--indexes", defaultValue = "5", description = "Indexes a table (default: ${DEFAULT-VALUE}).")
    private int indexes;

    @Option(names = "--rounds", defaultValue = "5", description = "Detections (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--url",
            paramLabel = "JDBC-URL",
            description = "Check this database, as role caretaker, instead of creating one.")
    private String url;

    @Override
    public Integer call() throws IOException {
        if (tables < 1 || indexes < 1 || indexes > CatalogDatabase.MOST_INDEXES || rounds < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--tables and --rounds must be at least 1, --indexes from 1 to " + CatalogDatabase.MOST_INDEXES);
        }
        Path launcher = CaretakerServer.launcher();
        Lines lines = new Lines(spec.commandLine().getOut());
        try (Workspace workspace = Workspace.create()) {
            CaretakerServer server = workspace.add(CaretakerServer.start(
                    launcher, workspace.folder("caretaker"), url == null ? create(workspace, lines) : url));
            List<Double> seconds = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                long start = System.nanoTime();
                DetectIssuesResponse answer = detect(server);
                seconds.add((System.nanoTime() - start) / 1e9);
                lines.say(
                        "%d: %.1f s, %s%s",
                        round,
                        seconds.getLast(),
                        counted(answer),
                        megabytes(server.residentBytes())
                                .map(now -> ", server " + now)
                                .orElse(""));
            }
            double median = Statistics.median(seconds);
            lines.say(
                    "%n%s",
                    new Goal("median, for 10,000 tables with 50,000 indexes", median, GOAL_SECONDS, true, " s")
                            .in(seconds));
            megabytes(server.peakResidentBytes())
                    .ifPresent(most -> lines.say("Caretaker's server had at most %s resident.", most));
        }
        return lines.exitCode();
    }

    private String create(Workspace workspace, Lines lines) throws IOException {
        CatalogDatabase database = workspace.add(CatalogDatabase.start(workspace.folder("postgres")));
        lines.say("Making %,d tables with %,d indexes ...", tables, tables * indexes);
        database.load(tables, indexes);
        return database.url();
    }

    private static DetectIssuesResponse detect(CaretakerServer server) {
        return server.maintenance()
                .withDeadlineAfter(10, TimeUnit.MINUTES)
                .detectIssues(DetectIssuesRequest.newBuilder()
                        .setTarget(CaretakerServer.TARGET)
                        .build());
    }

    private static String counted(DetectIssuesResponse answer) {
        long failed = answer.getChecksList().stream()
                .filter(report -> report.getStatus() == CheckStatus.CHECK_STATUS_FAILED)
                .count();
        int found = answer.getChecksList().stream()
                .mapToInt(CheckReport::getFindings)
                .sum();
        return String.format(Locale.ROOT, "%d checks, %d failed, %,d findings", answer.getChecksCount(), failed, found);
    }

    private static Optional<String> megabytes(OptionalLong bytes) {
        return bytes.isPresent() ? Optional.of((bytes.getAsLong() >> 20) + " MB") : Optional.empty();
    }
}
