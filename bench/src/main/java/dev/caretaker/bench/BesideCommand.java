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
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What an application feels of a cleanup beside it. */
@Command(
        name = "beside",
        description = {
            "Runs a small application at a fixed rate, and beside it nothing, a cleanup by Caretaker at its default pace and at"
                    + " pace fast, one DELETE, and the loop that guides recommend with its pause of a second.",
            "The application's latencies count only while the other works."
        },
        mixinStandardHelpOptions = true)
final class BesideCommand implements Callable<Integer> {
    private static final Duration IDLE = Duration.ofSeconds(8);
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
            database.load(rows);
            CommitLoad.prepare(database);
            CaretakerServer server =
                    workspace.add(CaretakerServer.start(launcher, workspace.folder("caretaker"), database.cloneUrl()));
            BesideReport report = new BesideReport(lines);
            for (int round = 1; round <= rounds; round++) {
                for (Map.Entry<String, Contender> contender : contenders(database, server, round)) {
                    measure(database, contender.getKey(), contender.getValue(), round, report);
                }
            }
            report.results();
        }
        return CommandLine.ExitCode.OK;
    }

    /** Everybody in turn first. The two "alone" run without the application. */
    private static List<Map.Entry<String, Contender>> contenders(
            BenchDatabase database, CaretakerServer server, int round) {
        BatchLog log = new BatchLog(database);
        Duration target = Duration.ofMillis(100);
        Map<String, Contender> contenders = new LinkedHashMap<>();
        contenders.put(BesideReport.IDLE, null);
        contenders.put(BesideReport.DELETE, Contender.singleDelete());
        contenders.put(BesideReport.LOOP, Contender.pausingLoop());
        contenders.put(BesideReport.DEFAULT, new CaretakerContender(server, target, log));
        contenders.put(BesideReport.FAST, new CaretakerContender(server, target, log).at(Pace.PACE_FAST));
        contenders.put(BesideReport.DEFAULT_ALONE, new CaretakerContender(server, target, log));
        contenders.put(BesideReport.FAST_ALONE, new CaretakerContender(server, target, log).at(Pace.PACE_FAST));
        List<Map.Entry<String, Contender>> order = new ArrayList<>(contenders.entrySet());
        Collections.rotate(order, 1 - round);
        return order;
    }

    private void measure(BenchDatabase database, String name, Contender contender, int round, BesideReport report)
            throws SQLException {
        database.cloneTemplate(scenario, rows);
        boolean alone = name.endsWith(BesideReport.ALONE);
        try (CommitLoad load = alone ? null : CommitLoad.start(database, rate)) {
            LockSupport.parkNanos(SETTLING_NANOS);
            long before = database.rows(scenario);
            long start = System.nanoTime();
            if (load != null) {
                load.count(true);
            }
            double seconds;
            if (contender == null) {
                LockSupport.parkNanos(IDLE.toNanos());
                seconds = IDLE.toSeconds();
            } else {
                contender.remove(database, scenario);
                seconds = (System.nanoTime() - start) / 1e9;
            }
            if (load != null) {
                load.count(false);
            }
            List<Double> latencies = load == null ? List.of() : load.milliseconds();
            report.measured(round, name, before - database.rows(scenario), seconds, latencies);
        }
    }
}
