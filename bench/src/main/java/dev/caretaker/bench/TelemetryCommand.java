package dev.caretaker.bench;

import com.sun.net.httpserver.HttpServer;
import dev.caretaker.v1.Plan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What metrics and traces cost a cleanup. */
@Command(
        name = "telemetry",
        description = {
            "Times the same cleanup by a server with metrics and traces and by one without, in turn.",
            "Needs about 2 GB of disk (in java.io.tmpdir)."
        },
        mixinStandardHelpOptions = true)
final class TelemetryCommand implements Callable<Integer> {
    private static final double MOST_RATIO = 1.01;
    private static final double SHARE = 0.5;
    private static final int DAYS_KEPT = 30;
    private static final String WITH = "with";
    private static final String WITHOUT = "without";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--rows",
            defaultValue = "2000000",
            description = "Rows of the table, half of which go (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Rounds, after one that finds cold code (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--batch-ratio",
            defaultValue = "0.01",
            description =
                    "Share of batches that get a span, as caretaker.tracing.batch-ratio (default: ${DEFAULT-VALUE}).")
    private double ratio;

    private final AtomicLong received = new AtomicLong();

    @Override
    public Integer call() throws IOException {
        if (rows < 1_000 || rounds < 1 || ratio < 0 || ratio > 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--rows must be at least 1000, --rounds at least 1, --batch-ratio 0 to 1");
        }
        Lines lines = new Lines(spec.commandLine().getOut());
        try (Workspace workspace = Workspace.create()) {
            SmallTables tables = workspace.add(SmallTables.start(workspace.folder("postgres")));
            HttpServer receiver = receiver();
            workspace.add(() -> receiver.stop(0));
            Map<String, CaretakerServer> servers = new LinkedHashMap<>();
            servers.put(WITHOUT, start(workspace, tables, WITHOUT, ""));
            servers.put(WITH, start(workspace, tables, WITH, """
                      http: {port: %d}
                      tracing: {otlp-endpoint: "http://127.0.0.1:%d", batch-ratio: %s}
                    """.formatted(
                            CaretakerServer.freePort(), receiver.getAddress().getPort(), ratio)));
            Map<String, List<Double>> seconds = new LinkedHashMap<>();
            for (int round = 0; round <= rounds; round++) {
                for (String who : round % 2 == 0 ? List.of(WITH, WITHOUT) : List.of(WITHOUT, WITH)) {
                    double took = cleanUp(servers.get(who), tables);
                    if (round > 0) {
                        seconds.computeIfAbsent(who, any -> new ArrayList<>()).add(took);
                    }
                }
            }
            report(lines, seconds);
        }
        return lines.exitCode();
    }

    private static CaretakerServer start(Workspace workspace, SmallTables tables, String name, String more)
            throws IOException {
        return workspace.add(CaretakerServer.start(
                CaretakerServer.launcher(),
                workspace.folder("caretaker-" + name),
                Map.of(CaretakerServer.TARGET, tables.url("postgres")),
                "",
                more));
    }

    /** Takes all traces and keeps none. */
    private HttpServer receiver() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            try (exchange) {
                received.addAndGet(exchange.getRequestBody().readAllBytes().length);
                exchange.sendResponseHeaders(200, -1);
            }
        });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return server;
    }

    private double cleanUp(CaretakerServer server, SmallTables tables) {
        tables.clustered("postgres", "telemetry", rows, SHARE);
        PolicyRuns runs = new PolicyRuns(server);
        Plan plan = runs.plan(PolicyRuns.policy(CaretakerServer.TARGET, "telemetry", "telemetry", DAYS_KEPT));
        return runs.execute(plan);
    }

    private void report(Lines lines, Map<String, List<Double>> seconds) {
        seconds.forEach((who, took) -> lines.say(
                "  %-8s %6.3f s  (%.3f to %.3f)",
                who, Statistics.median(took), Statistics.quantile(took, 0), Statistics.quantile(took, 1)));
        if (received.get() == 0) {
            throw new BenchException("no trace came: what was measured is not tracing");
        }
        lines.say("  %,d bytes of traces", received.get());
        List<Double> ratios = IntStream.range(0, rounds)
                .mapToObj(round ->
                        seconds.get(WITH).get(round) / seconds.get(WITHOUT).get(round))
                .toList();
        lines.say(
                "%s",
                new Goal(
                                "time with metrics and traces, of the time without",
                                Statistics.median(seconds.get(WITH)) / Statistics.median(seconds.get(WITHOUT)),
                                MOST_RATIO,
                                true,
                                "×")
                        .in(ratios));
    }
}
