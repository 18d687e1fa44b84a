package dev.caretaker.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What it costs to keep half of a table while it is deleted, and to bring it back. */
@Command(
        name = "archive",
        description = {
            "Deletes half of a table of job occurrences by Caretaker and keeps it: nowhere, in a compressed file, in a"
                    + " table; beside one COPY through zstd and one INSERT of what one DELETE returns. Then brings the file"
                    + " back, beside one COPY FROM of it.",
            "Needs about 3 GB of memory and 12 GB of disk (in java.io.tmpdir) for 2,000,000 rows."
        },
        mixinStandardHelpOptions = true)
final class ArchiveCommand implements Callable<Integer> {
    private static final Duration BATCH_TARGET = Duration.ofMillis(100);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--rows",
            defaultValue = "2000000",
            description = "Rows of the table, at least 1000 (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            defaultValue = "half-index",
            description =
                    "half-index, or half-blocks for a table whose rows no index finds (default: ${DEFAULT-VALUE}).")
    private String scenarioName;

    private Scenario scenario;

    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

    @Override
    public Integer call() throws SQLException, IOException {
        if (rows < 1000 || rounds < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--rows must be at least 1000, --rounds at least 1");
        }
        scenario = scenario();
        Path launcher = CaretakerServer.launcher();
        Lines lines = new Lines(spec.commandLine().getOut());
        try (Workspace workspace = Workspace.create()) {
            BenchDatabase database = workspace.add(BenchDatabase.start(workspace.folder("postgres")));
            lines.say("Loading %,d rows ...", rows);
            database.load(scenario, rows);
            lines.say("Loaded: %.1f GB with indexes.%n", database.templateBytes() / 1e9);
            Path cold = workspace.folder("cold");
            CaretakerServer server = workspace.add(CaretakerServer.start(
                    launcher,
                    workspace.folder("caretaker"),
                    Map.of(CaretakerServer.TARGET, database.cloneUrl()),
                    "",
                    "  archives:\n    destinations:\n      " + ArchiveContenders.DESTINATION
                            + ": {type: directory, path: '" + cold + "'}\n"));
            Contender plain = caretaker(server).with(ArchiveContenders.DELETE, policy -> policy);
            // Once for all that a server does once, and for the memory of a cleanup that keeps nothing.
            measure(database, plain);
            OptionalLong before = server.peakResidentBytes();
            for (int round = 1; round <= rounds; round++) {
                for (Contender contender : contenders(server, plain, workspace.folder("hand" + round), round)) {
                    double took = measure(database, contender);
                    seconds.computeIfAbsent(contender.name(), name -> new ArrayList<>())
                            .add(took);
                    lines.say("round %d  %-24s %7.2f s", round, contender.name(), took);
                }
            }
            OptionalLong after = server.peakResidentBytes();
            restore(server, database, cold, lines);
            lines.say("");
            seconds.forEach((name, all) -> lines.say("median   %-24s %7.2f s", name, Statistics.median(all)));
            lines.say("");
            goals(before, after, server.peakResidentBytes()).forEach(goal -> lines.say("%s", goal));
        }
        return lines.exitCode();
    }

    private Scenario scenario() {
        return Stream.of(Scenario.HALF_INDEX, Scenario.HALF_BLOCKS)
                .filter(half -> half.key().equals(scenarioName))
                .findFirst()
                .orElseThrow(() -> new CommandLine.ParameterException(
                        spec.commandLine(), "--scenario must be half-index or half-blocks"));
    }

    private static CaretakerContender caretaker(CaretakerServer server) {
        return new CaretakerContender(server, BATCH_TARGET, Optional.empty());
    }

    /** Everybody in turn first. */
    private static List<Contender> contenders(CaretakerServer server, Contender plain, Path folder, int round) {
        List<Contender> contenders = new ArrayList<>(List.of(
                plain,
                ArchiveContenders.copy(folder),
                caretaker(server).with(ArchiveContenders.TO_FILE, ArchiveContenders::inFile),
                ArchiveContenders.insert(),
                caretaker(server).with(ArchiveContenders.TO_TABLE, ArchiveContenders::inTable)));
        Collections.rotate(contenders, 1 - round);
        return contenders;
    }

    /** The first of each is for all that is done once. */
    private void restore(CaretakerServer server, BenchDatabase database, Path cold, Lines lines) throws SQLException {
        measure(database, caretaker(server).with(ArchiveContenders.TO_FILE, ArchiveContenders::inFile));
        ArchiveRestores restores = new ArchiveRestores(server, database, scenario, cold);
        for (int round = 0; round <= rounds; round++) {
            List<String> turn = new ArrayList<>(List.of(ArchiveRestores.BY_HAND, ArchiveRestores.BY_CARETAKER));
            Collections.rotate(turn, round);
            for (String contender : turn) {
                double took = restores.measure(contender);
                if (round > 0) {
                    seconds.computeIfAbsent(contender, name -> new ArrayList<>())
                            .add(took);
                    lines.say("round %d  %-24s %7.2f s", round, contender, took);
                }
            }
        }
    }

    private double measure(BenchDatabase database, Contender contender) throws SQLException {
        database.cloneTemplate(scenario, rows);
        try (Connection connection = database.connectClone();
                Statement statement = connection.createStatement()) {
            statement.execute("GRANT CREATE ON SCHEMA public TO " + BenchDatabase.CARETAKER_ROLE);
        }
        return contender.remove(database, scenario).time().toNanos() / 1e9;
    }

    private static double megabytes(OptionalLong before, OptionalLong after) {
        return before.isPresent() && after.isPresent()
                ? (after.getAsLong() - before.getAsLong()) / (double) (1 << 20)
                : Double.NaN;
    }

    private List<Goal> goals(OptionalLong cleanup, OptionalLong archived, OptionalLong restored) {
        return List.of(
                ratio("file against nothing kept", ArchiveContenders.TO_FILE, ArchiveContenders.DELETE, 1.5),
                ratio("file against one COPY through zstd", ArchiveContenders.TO_FILE, ArchiveContenders.COPY, 1.1),
                ratio("table against one INSERT", ArchiveContenders.TO_TABLE, ArchiveContenders.INSERT, 1.1),
                ratio("brought back against one COPY FROM", ArchiveRestores.BY_CARETAKER, ArchiveRestores.BY_HAND, 1.3),
                new Goal("peak memory above that of a cleanup", megabytes(cleanup, archived), 64, true, " MB"),
                new Goal("the same with restores", megabytes(cleanup, restored), 64, true, " MB"));
    }

    private Goal ratio(String what, String one, String other, double most) {
        List<Double> each = IntStream.range(0, rounds)
                .mapToObj(round ->
                        seconds.get(one).get(round) / seconds.get(other).get(round))
                .toList();
        double medians = Statistics.median(seconds.get(one)) / Statistics.median(seconds.get(other));
        return new Goal(what, medians, most, true, "×").in(each);
    }
}
