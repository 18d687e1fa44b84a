package dev.caretaker.bench;

import dev.caretaker.v1.ListPartitionsRequest;
import dev.caretaker.v1.ListPartitionsResponse;
import dev.caretaker.v1.MaintenanceServiceGrpc.MaintenanceServiceBlockingStub;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times the listing of a table of many partitions, from the first byte asked to the last page had. */
@Command(
        name = "partitions",
        description = {
            "Lists a table of daily partitions, each with two indexes and a TOAST table, through Caretaker by gRPC.",
            "Creating 10,000 of them takes some minutes and 1 GB of disk (in java.io.tmpdir)."
        },
        mixinStandardHelpOptions = true)
final class PartitionsCommand implements Callable<Integer> {
    /** What 10,000 partitions may take. */
    private static final double TARGET_SECONDS = 2;

    /** What the server takes when no size is asked for, and the most that it gives. */
    private static final int[] PAGE_SIZES = {1_000, 10_000};

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--partitions",
            defaultValue = "10000",
            description = "Partitions of the table, at least 1 (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--url",
            paramLabel = "JDBC-URL",
            description = "List what is in this database, as role caretaker, instead of creating one.")
    private String url;

    /** All pages together. */
    private record Listing(int pages, int partitions, long bytes, double seconds) {}

    @Override
    public Integer call() throws IOException {
        if (partitions < 1 || rounds < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--partitions and --rounds must be at least 1");
        }
        Lines lines = new Lines(spec.commandLine().getOut());
        try (Workspace workspace = Workspace.create()) {
            CaretakerServer server = workspace.add(CaretakerServer.start(
                    CaretakerServer.launcher(),
                    workspace.folder("caretaker"),
                    url == null ? create(workspace, lines) : url));
            for (int pageSize : PAGE_SIZES) {
                measure(server, pageSize, lines);
            }
            server.peakResidentBytes().ifPresent(bytes -> lines.say("server's peak memory  %.0f MB", bytes / 1e6));
        }
        return lines.exitCode();
    }

    private String create(Workspace workspace, Lines lines) throws IOException {
        BenchDatabase database = workspace.add(BenchDatabase.start(workspace.folder("postgres")));
        lines.say("Creating %,d partitions ...", partitions);
        database.createClone(
                BenchDatabase.resource("partitioned_table"),
                "SET bench.partitions = " + partitions,
                BenchDatabase.resource("partitions"),
                "ANALYZE workflow_events");
        return database.cloneUrl();
    }

    private void measure(CaretakerServer server, int pageSize, Lines lines) {
        Listing first = list(server, pageSize);
        List<Double> seconds = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            seconds.add(list(server, pageSize).seconds());
        }
        lines.say(
                "%,d partitions in %d page(s) of %,d, %.1f MB",
                first.partitions(), first.pages(), pageSize, first.bytes() / 1e6);
        lines.say("  first time          %.2f s", first.seconds());
        lines.say("  median of %d         %.2f s", rounds, Statistics.median(seconds));
        Goal goal = new Goal("all pages, median", Statistics.median(seconds), TARGET_SECONDS, true, " s").in(seconds);
        if (partitions == 10_000) {
            lines.say("  %s", goal);
        }
    }

    private static Listing list(CaretakerServer server, int pageSize) {
        MaintenanceServiceBlockingStub maintenance = server.maintenance();
        ListPartitionsRequest.Builder request = ListPartitionsRequest.newBuilder()
                .setTarget(CaretakerServer.TARGET)
                .setPageSize(pageSize);
        int pages = 0;
        int partitions = 0;
        long bytes = 0;
        long begin = System.nanoTime();
        do {
            ListPartitionsResponse page = maintenance.listPartitions(request.build());
            pages++;
            partitions += page.getPartitionsCount();
            bytes += page.getSerializedSize();
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());
        return new Listing(pages, partitions, bytes, (System.nanoTime() - begin) / 1e9);
    }
}
