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
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares a cleanup by Caretaker with one DELETE and with the loop that guides tell. */
@Command(
        name = "cleanup",
        description = {
            "Deletes rows from a table of job occurrences by one DELETE, by the loop that guides recommend, and by"
                    + " Caretaker through gRPC.",
            "Needs about 3 GB of memory and 10 GB of disk (in java.io.tmpdir) for 2,000,000 rows."
        },
        mixinStandardHelpOptions = true)
final class CleanupCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--rows",
            defaultValue = "2000000",
            description = "Rows of the table, at least 1000 (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--scenario",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Only these: half-index, half-blocks, clustered, scattered, old-snapshot, time-index (a narrow"
                            + " table with a plain index on time, 90 %% to go), cascade (ten foreign keys).",
            converter = ScenarioName.class)
    private List<Scenario> scenarios = List.of(Scenario.values());

    @Option(
            names = "--batch-target",
            paramLabel = "MILLIS",
            defaultValue = "100",
            description =
                    "Time that a batch of Caretaker should take, in milliseconds (default: ${DEFAULT-VALUE}, as is"
                            + " Caretaker's own default). Longer ones spare commits.")
    private int batchTarget;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes every round to FILE.")
    private Path json;

    @Override
    public Integer call() throws SQLException, IOException {
        if (rows < 1000 || rounds < 1 || batchTarget < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--rows must be at least 1000, --rounds and --batch-target at least 1");
        }
        Path launcher = CaretakerServer.launcher();
        Lines lines = new Lines(spec.commandLine().getOut());
        Report report = new Report(lines);
        try (Workspace workspace = Workspace.create()) {
            BenchDatabase database = workspace.add(BenchDatabase.start(workspace.folder("postgres")));
            Map<String, String> environment = environment(database);
            report.environment(environment);
            load(database, lines);
            CaretakerServer server =
                    workspace.add(CaretakerServer.start(launcher, workspace.folder("caretaker"), database.cloneUrl()));
            Results results = new Results();
            CaretakerContender caretaker =
                    new CaretakerContender(server, Duration.ofMillis(batchTarget), new BatchLog(database));
            for (int round = 1; round <= rounds; round++) {
                for (Scenario scenario : scenarios) {
                    for (Contender contender : contenders(scenario, caretaker, round)) {
                        Measurement measurement = measure(database, scenario, contender, round);
                        results.add(measurement);
                        report.measured(measurement);
                    }
                }
            }
            List<Goal> goals = rounds >= Goal.LEAST_ROUNDS
                    ? CleanupGoals.of(results, batchTarget, server.peakResidentBytes())
                    : List.of();
            report.results(results);
            report.goals(goals, rows, server.residentBytes());
            if (json != null) {
                JsonReport.write(json, environment, results, goals);
            }
        }
        return lines.exitCode();
    }

    private Measurement measure(BenchDatabase database, Scenario scenario, Contender contender, int round)
            throws SQLException {
        database.cloneTemplate(scenario, rows);
        try (Connection snapshot = scenario.holdsSnapshot() ? holdSnapshot(database) : null) {
            long before = database.rows(scenario);
            long wal = database.walPosition();
            Contender.Work work = contender.remove(database, scenario);
            long walBytes = database.walPosition() - wal;
            return new Measurement(
                    scenario, contender.name(), round, work, walBytes, before, database.remainder(scenario));
        }
    }

    /** A transaction that sees the table as it is now, for as long as the connection is open. */
    private static Connection holdSnapshot(BenchDatabase database) throws SQLException {
        Connection connection = database.connectClone();
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT count(*) FROM (SELECT FROM \"JobOccurrences\" LIMIT 1) t");
        }
        return connection;
    }

    /** Everybody in turn first. The loop sits out the old snapshot, where it takes up to ten times as long as usual. */
    private static List<Contender> contenders(Scenario scenario, Contender caretaker, int round) {
        List<Contender> contenders = new ArrayList<>(List.of(Contender.singleDelete()));
        if (scenario.hasLoop()) {
            contenders.add(Contender.guidesLoop());
        }
        contenders.add(caretaker);
        Collections.rotate(contenders, 1 - round);
        return contenders;
    }

    private void load(BenchDatabase database, Lines lines) {
        lines.say("Loading %,d rows ...", rows);
        scenarios.forEach(scenario -> database.load(scenario, rows));
        lines.say("Loaded: %.1f GB with indexes.%n", database.templateBytes() / 1e9);
    }

    private Map<String, String> environment(BenchDatabase database) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("rows", String.format(Locale.ROOT, "%,d", rows));
        environment.put("rounds", Integer.toString(rounds));
        environment.put("batch target", batchTarget + " ms");
        environment.put(
                "machine",
                Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch"));
        environment.putAll(database.effectiveSettings());
        environment.put("control store", "Caretaker's embedded one: a Postgres of its own on the same machine");
        return environment;
    }

    /** Names as they are written on the command line. */
    static final class ScenarioName implements CommandLine.ITypeConverter<Scenario> {
        @Override
        public Scenario convert(String name) {
            return Stream.of(Scenario.values())
                    .filter(scenario -> scenario.key().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new CommandLine.TypeConversionException("'" + name + "' is not one of "
                            + Stream.of(Scenario.values()).map(Scenario::key).toList()));
        }
    }
}
