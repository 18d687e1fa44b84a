package dev.caretaker.bench;

import dev.caretaker.v1.Pace;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What an application feels of a cleanup beside it. */
@Command(
        name = "beside",
        description = {
            "Runs a small application at a fixed rate, and beside it nothing, a cleanup by Caretaker at its default"
                    + " pace and at pace fast, one DELETE, the loop that guides recommend with its pause of a second, a"
                    + " loop of 300 rows with pauses as long, which shows what the machine allows, and a vacuum and a rebuild"
                    + " of an index by Caretaker.",
            "The application's latencies count only while the other works."
        },
        mixinStandardHelpOptions = true)
final class BesideCommand implements Callable<Integer> {
    private static final long SETTLING_NANOS = 2_000_000_000;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--rows", defaultValue = "2000000", description = "Rows of the table (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(
            names = "--rate",
            defaultValue = "400",
            description = "Transactions of the application a second (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            defaultValue = "half-index",
            converter = CleanupCommand.ScenarioName.class,
            description = "half-index, half-blocks, time-index (a narrow table), … (default: ${DEFAULT-VALUE}).")
    private Scenario scenario;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "NAME",
            description = "Neighbours to measure; all by default, and verdicts only then.")
    private Set<String> only = Set.of();

    @Override
    public Integer call() throws SQLException, IOException {
        if (rows < 1000 || rounds < 1 || rate < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--rows must be at least 1000, --rounds and --rate at least 1");
        }
        Path launcher = CaretakerServer.launcher();
        Lines lines = new Lines(spec.commandLine().getOut());
        try (Workspace workspace = Workspace.create()) {
            BenchDatabase database = workspace.add(BenchDatabase.start(workspace.folder("postgres")));
            lines.say("Loading %,d rows ...", rows);
            database.load(scenario.script().isEmpty() ? rows : 1);
            CommitLoad.prepare(database);
            database.stopLogging();
            CaretakerServer server =
                    workspace.add(CaretakerServer.start(launcher, workspace.folder("caretaker"), database.cloneUrl()));
            BesideReport report = new BesideReport(lines);
            for (int round = 1; round <= rounds; round++) {
                for (Map.Entry<String, Neighbour> neighbour : neighbours(server, round)) {
                    measure(database, neighbour.getKey(), neighbour.getValue(), round, report);
                }
            }
            report.results();
        }
        return lines.exitCode();
    }

    /** Everybody in turn first. The two "alone" run without the application. */
    private List<Map.Entry<String, Neighbour>> neighbours(CaretakerServer server, int round) {
        Map<String, Neighbour> neighbours = new LinkedHashMap<>();
        neighbours.put(BesideReport.IDLE, Neighbour.nobody());
        neighbours.put(BesideReport.DELETE, Neighbour.byHand(Contender.singleDelete()));
        neighbours.put(BesideReport.LOOP, Neighbour.byHand(Contender.pausingLoop()));
        neighbours.put(BesideReport.GENTLE, Neighbour.byHand(new GentleLoop()));
        neighbours.put(BesideReport.DEFAULT, Neighbour.cleanup(server, Pace.PACE_UNSPECIFIED));
        neighbours.put(BesideReport.FAST, Neighbour.cleanup(server, Pace.PACE_FAST));
        neighbours.put(BesideReport.VACUUM, Neighbour.vacuum(server));
        neighbours.put(BesideReport.REINDEX, Neighbour.reindex(server));
        neighbours.put(BesideReport.DEFAULT_ALONE, Neighbour.cleanup(server, Pace.PACE_UNSPECIFIED));
        neighbours.put(BesideReport.FAST_ALONE, Neighbour.cleanup(server, Pace.PACE_FAST));
        List<Map.Entry<String, Neighbour>> order = new ArrayList<>(neighbours.entrySet());
        order.removeIf(neighbour -> !only.isEmpty() && !only.contains(neighbour.getKey()));
        Collections.rotate(order, 1 - round);
        return order;
    }

    private void measure(BenchDatabase database, String name, Neighbour neighbour, int round, BesideReport report)
            throws SQLException {
        database.cloneTemplate(scenario, rows);
        neighbour.prepare(database, scenario);
        long before = database.rows(scenario);
        if (name.endsWith(BesideReport.ALONE)) {
            Duration took = neighbour.work(database, scenario, () -> {});
            report.measured(round, name, before - database.rows(scenario), took, List.of());
            return;
        }
        try (CommitLoad load = CommitLoad.start(database, rate)) {
            LockSupport.parkNanos(SETTLING_NANOS);
            Duration took = neighbour.work(database, scenario, () -> load.count(true));
            load.count(false);
            List<Double> latencies = load.milliseconds();
            report.measured(round, name, before - database.rows(scenario), took, latencies);
        }
    }
}
