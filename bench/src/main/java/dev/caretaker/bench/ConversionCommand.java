package dev.caretaker.bench;

import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.ConversionServiceGrpc;
import dev.caretaker.v1.ConversionServiceGrpc.ConversionServiceBlockingStub;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PlanConversionRequest;
import dev.caretaker.v1.RevertConversionRequest;
import dev.caretaker.v1.RevertConversionResponse;
import dev.caretaker.v1.StartConversionRequest;
import dev.caretaker.v1.StartConversionResponse;
import dev.caretaker.v1.TableName;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A plain table becomes partitioned beside a writer, by conversion and as users do it today. */
@Command(
        name = "conversion",
        description = {
            "Converts a plain table with a year of rows while an application writes at a fixed rate, and reverts that.",
            "In the same rounds it is done as users do it today: the rows are copied in batches and the names swapped;",
            "and the one index that a conversion has to build is built alone, by hand."
        },
        mixinStandardHelpOptions = true)
final class ConversionCommand implements Callable<Integer> {
    private static final long IDLE_NANOS = 6_000_000_000L;
    private static final long MOST_ROWS = 50_000_000;
    private static final double MEGABYTE = 1e6;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--rows", defaultValue = "5000000", description = "Rows of the table (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(names = "--rate", defaultValue = "500", description = "Writes a second (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds (default: ${DEFAULT-VALUE}).")
    private int rounds;

    private PartitionTables tables;
    private PlainJobs jobs;
    private CaretakerServer server;
    private ConversionReport report;

    @Override
    public Integer call() throws IOException {
        if (rows < 1_000 || rows > MOST_ROWS || rate < 1 || rounds < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--rows is 1,000 to 50,000,000, --rate and --rounds at least 1");
        }
        Lines lines = new Lines(spec.commandLine().getOut());
        report = new ConversionReport(lines);
        try (Workspace workspace = Workspace.create()) {
            tables = workspace.add(PartitionTables.start(workspace.folder("postgres")));
            server = workspace.add(
                    CaretakerServer.start(CaretakerServer.launcher(), workspace.folder("caretaker"), tables.url()));
            jobs = new PlainJobs(tables, rows);
            lines.say("Loading %,d rows ...", rows);
            jobs.load();
            for (int round = 1; round <= rounds; round++) {
                lines.say("Round %d", round);
                idle();
                indexed();
                if (round % 2 == 1) { // everybody in turn first
                    converted();
                    copied();
                } else {
                    copied();
                    converted();
                }
            }
            report.results(rounds);
        }
        return lines.exitCode();
    }

    private void idle() {
        try (LedgerLoad load = new LedgerLoad(tables, rows, rate)) {
            LockSupport.parkNanos(IDLE_NANOS / 6);
            load.measure();
            LockSupport.parkNanos(IDLE_NANOS);
            List<Double> latencies = load.milliseconds();
            report.add("idle: writer's p99, ms", Statistics.quantile(latencies, 0.99));
        }
    }

    /** What no conversion goes without: a wider unique index, whose build the server has no setting to slow. */
    private void indexed() {
        try (LedgerLoad load = new LedgerLoad(tables, rows, rate)) {
            LockSupport.parkNanos(IDLE_NANOS / 6);
            load.measure();
            jobs.buildIndex();
            List<Double> latencies = load.milliseconds();
            report.add("index alone: writer's p99, ms", Statistics.quantile(latencies, 0.99));
        }
        jobs.dropIndex();
    }

    private void converted() {
        long oid = jobs.oid();
        long file = jobs.fileOf(oid);
        Expected before = expected();
        long bytes = jobs.databaseBytes();
        Conversion planned = plan();
        Expected after;
        try (LedgerLoad load = new LedgerLoad(tables, rows, rate)) {
            LockSupport.parkNanos(IDLE_NANOS / 6);
            double seconds;
            load.measure();
            try (LockSpan span = new LockSpan(tables, oid)) {
                long begin = System.nanoTime();
                start(planned);
                seconds = (System.nanoTime() - begin) / 1e9;
                report.add("conversion: table locked, ms", span.longestMillis());
            }
            List<Double> latencies = load.milliseconds();
            report.add("conversion: s", seconds);
            report.add("conversion: writer's p99, ms", Statistics.quantile(latencies, 0.99));
            report.add("conversion: writer's longest, ms", Statistics.quantile(latencies, 1));
            report.add("conversion: more disk, MB", (jobs.databaseBytes() - bytes) / MEGABYTE);
            report.add("conversion: rows copied", jobs.fileOf(oid) == file ? 0 : rows);
            revert(planned, load, oid);
            after = before.plus(load);
        }
        report.add("conversion: writes lost or refused", after.missing(expected()));
    }

    private void revert(Conversion planned, LedgerLoad load, long oid) {
        load.measure();
        try (LockSpan span = new LockSpan(tables, oid)) {
            long begin = System.nanoTime();
            var events = stub().revertConversion(RevertConversionRequest.newBuilder()
                    .setRequestId(id())
                    .setConversionId(planned.getConversionId())
                    .build());
            while (!jobs.isPlain()) {
                LockSupport.parkNanos(1_000_000);
            }
            report.add("revert: until plain again, s", (System.nanoTime() - begin) / 1e9);
            server.awaitComplete(events, RevertConversionResponse::getEvent);
            report.add("revert: until all is gone, s", (System.nanoTime() - begin) / 1e9);
            report.add("revert: table locked, ms", span.longestMillis());
        }
        List<Double> latencies = load.milliseconds();
        report.add("revert: writer's longest, ms", Statistics.quantile(latencies, 1));
    }

    private void copied() {
        Expected before = expected();
        long bytes = jobs.databaseBytes();
        Expected after;
        try (LedgerLoad load = new LedgerLoad(tables, rows, rate)) {
            LockSupport.parkNanos(IDLE_NANOS / 6);
            load.measure();
            long begin = System.nanoTime();
            jobs.copyAndSwap();
            report.add("by hand: s", (System.nanoTime() - begin) / 1e9);
            List<Double> latencies = load.milliseconds();
            report.add("by hand: writer's p99, ms", Statistics.quantile(latencies, 0.99));
            report.add("by hand: writer's longest, ms", Statistics.quantile(latencies, 1));
            report.add("by hand: more disk, MB", (jobs.databaseBytes() - bytes) / MEGABYTE);
            load.close();
            after = before.plus(load);
        }
        report.add("by hand: writes lost or refused", after.missing(expected()));
        jobs.putBack();
    }

    /** What the table should hold. */
    private record Expected(long rows, long changes, long refused) {
        Expected plus(LedgerLoad load) {
            load.close();
            return new Expected(rows + load.inserted(), changes + load.updated(), load.refused());
        }

        long missing(Expected there) {
            return rows - there.rows + changes - there.changes + refused;
        }
    }

    private Expected expected() {
        return new Expected(jobs.count(), jobs.changes(), 0);
    }

    private Conversion plan() {
        return stub().planConversion(PlanConversionRequest.newBuilder()
                        .setRequestId(id())
                        .setKeyColumn("at")
                        .addAcceptedLosses(ConversionLoss.CONVERSION_LOSS_UNIQUE_NARROWED)
                        .setSet(PartitionSet.newBuilder()
                                .setName(PlainJobs.TABLE)
                                .setTarget(CaretakerServer.TARGET)
                                .setTable(TableName.newBuilder().setName(PlainJobs.TABLE))
                                .setGrid(PartitionGrid.newBuilder()
                                        .setCalendar(
                                                CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_MONTH))))
                        .build())
                .getConversion();
    }

    private void start(Conversion planned) {
        server.awaitComplete(
                stub().startConversion(StartConversionRequest.newBuilder()
                        .setRequestId(id())
                        .setConversionId(planned.getConversionId())
                        .setEtag(planned.getEtag())
                        .build()),
                StartConversionResponse::getEvent);
    }

    private ConversionServiceBlockingStub stub() {
        return ConversionServiceGrpc.newBlockingStub(server.channel());
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
