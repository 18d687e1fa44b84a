package dev.caretaker.bench;

import dev.caretaker.v1.MaintenanceServiceGrpc.MaintenanceServiceBlockingStub;
import dev.caretaker.v1.RunReindexRequest;
import dev.caretaker.v1.RunVacuumRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares vacuum and reindex by Caretaker with what people run by hand. */
@Command(
        name = "vacuum",
        description = {
            "Vacuums and reindexes as people do by hand and by Caretaker, and compares the two.",
            "work:   vacuums and reindexes several tables by vacuumdb and reindexdb (without them, by the same",
            "        statements over JDBC) and by Caretaker, each on a fresh clone.",
            "load:   the same beside a small application, whose response times are compared.",
            "choice: lets Caretaker choose what needs work among very many tables.",
            "Needs about 2 GB of memory and 6 GB of disk (in java.io.tmpdir)."
        },
        mixinStandardHelpOptions = true)
final class VacuumCommand implements Callable<Integer> {
    private static final List<Upkeep> BESIDE_LOAD = List.of(Upkeep.VACUUM_ANALYZE, Upkeep.REINDEX);
    private static final int CATALOG_TABLES = 10_000;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--tables", defaultValue = "3", description = "Tables (default: ${DEFAULT-VALUE}).")
    private int tables;

    @Option(names = "--rows", defaultValue = "1000000", description = "Rows a table (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--rate",
            defaultValue = "200",
            description = "Operations a second of the application, half of them updates (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--only", split = ",", description = "Only these: ${COMPLETION-CANDIDATES}.")
    private List<Part> parts = List.of(Part.values());

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures to FILE.")
    private Path json;

    private Lines lines;
    private UpkeepReport report;

    /** What can be measured. */
    enum Part {
        work,
        load,
        choice
    }

    @Override
    public Integer call() throws SQLException, IOException {
        if (tables < 1 || rows < 1_000 || rounds < 1 || rate < 4) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--tables and --rounds must be at least 1, --rows at least 1000, --rate at least 4");
        }
        Path launcher = CaretakerServer.launcher();
        lines = new Lines(spec.commandLine().getOut());
        report = new UpkeepReport(lines);
        if (parts.contains(Part.work) || parts.contains(Part.load)) {
            beside(launcher);
        }
        if (parts.contains(Part.choice)) {
            choose(launcher);
        }
        report.end();
        if (json != null) {
            report.write(json);
        }
        return lines.exitCode();
    }

    private void beside(Path launcher) throws SQLException, IOException {
        try (Workspace workspace = Workspace.create()) {
            lines.say("Loading %d tables of %,d rows ...", tables, rows);
            UpkeepDatabase database = workspace.add(UpkeepDatabase.start(workspace.folder("postgres"), tables, rows));
            database.restore();
            report.environment(database.effectiveSettings());
            CaretakerServer server =
                    workspace.add(CaretakerServer.start(launcher, workspace.folder("caretaker"), database.url()));
            List<UpkeepContender> contenders =
                    new ArrayList<>(List.of(UpkeepContender.plain(), new CaretakerUpkeep(server)));
            for (int round = 1; round <= rounds; round++) {
                if (parts.contains(Part.work)) {
                    for (Upkeep work : Upkeep.values()) {
                        for (UpkeepContender contender : contenders) {
                            database.restore();
                            report.worked(work.key(), contender.name(), seconds(database, contender, List.of(work)));
                            database.requireDone(work);
                        }
                    }
                }
                if (parts.contains(Part.load)) {
                    for (UpkeepContender contender : contenders) {
                        database.restore();
                        loaded(database, contender);
                    }
                }
                Collections.rotate(contenders, 1); // everybody in turn first
            }
            server.peakResidentBytes().ifPresent(report::resident);
        }
    }

    private static double seconds(UpkeepDatabase database, UpkeepContender contender, List<Upkeep> works)
            throws SQLException, IOException {
        long start = System.nanoTime();
        for (Upkeep work : works) {
            contender.work(database, work);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private void loaded(UpkeepDatabase database, UpkeepContender contender) throws SQLException, IOException {
        try (SteadyLoad load = SteadyLoad.start(database, rate)) {
            load.measure();
            double seconds = seconds(database, contender, BESIDE_LOAD);
            report.loaded(contender.name(), seconds, load.milliseconds());
        }
    }

    private void choose(Path launcher) throws IOException {
        try (Workspace workspace = Workspace.create()) {
            CatalogDatabase catalog = workspace.add(CatalogDatabase.start(workspace.folder("postgres")));
            lines.say("Making %,d tables ...", CATALOG_TABLES);
            catalog.load(CATALOG_TABLES, 2);
            catalog.change(CATALOG_TABLES / 10);
            CaretakerServer server =
                    workspace.add(CaretakerServer.start(launcher, workspace.folder("caretaker"), catalog.url()));
            MaintenanceServiceBlockingStub maintenance = server.maintenance();
            choice(
                    "vacuum",
                    () -> maintenance
                            .runVacuum(RunVacuumRequest.newBuilder()
                                    .setRequestId(UUID.randomUUID().toString())
                                    .setTarget(CaretakerServer.TARGET)
                                    .setValidateOnly(true)
                                    .build())
                            .next()
                            .getEvent()
                            .getAccepted()
                            .getStepsCount());
            choice(
                    "reindex",
                    () -> maintenance
                            .runReindex(RunReindexRequest.newBuilder()
                                    .setRequestId(UUID.randomUUID().toString())
                                    .setTarget(CaretakerServer.TARGET)
                                    .setMinBloatBytes(0)
                                    .setValidateOnly(true)
                                    .build())
                            .next()
                            .getEvent()
                            .getAccepted()
                            .getStepsCount());
        }
    }

    private void choice(String what, Supplier<Integer> choose) {
        double[] seconds = new double[rounds + 1];
        int chosen = 0;
        for (int round = 0; round <= rounds; round++) {
            long start = System.nanoTime();
            chosen = choose.get();
            seconds[round] = (System.nanoTime() - start) / 1e9;
        }
        List<Double> later = Arrays.stream(seconds).skip(1).boxed().toList();
        report.chosen(what, CATALOG_TABLES, chosen, seconds[0], Statistics.median(later));
    }
}
