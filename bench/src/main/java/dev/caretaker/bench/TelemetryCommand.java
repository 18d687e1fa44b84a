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
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What metrics and traces cost a cleanup. A hundredth is lost in what the same cleanup takes from one round to the next, so that goal
 * is for the processor time that they add to the server; whether a cleanup waits for them shows in its time, by a coarser goal.
 */
@Command(
        name = "telemetry",
        description = {
            "Times the same cleanup by a server with metrics and traces and by one without, in turn.",
            "Needs about 2 GB of disk (in java.io.tmpdir)."
        },
        mixinStandardHelpOptions = true)
final class TelemetryCommand implements Callable<Integer> {
    private static final double MOST_PERCENT = 1;
    /** More than the noise of a quiet machine. */
    private static final double MOST_RATIO = 1.1;

    private static final double SHARE = 0.5;
    private static final int DAYS_KEPT = 30;
    /** Rounds before the first that counts: compiling takes the server more time than what is compared. */
    private static final int WARM_UP = 3;

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
            description = "Rounds, after three that find cold code (default: ${DEFAULT-VALUE}).")
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
            Map<String, List<Took>> took = new LinkedHashMap<>();
            for (int round = -WARM_UP; round < rounds; round++) {
                for (String who : round % 2 == 0 ? List.of(WITH, WITHOUT) : List.of(WITHOUT, WITH)) {
                    Took cleanup = cleanUp(servers.get(who), tables);
                    if (round >= 0) {
                        took.computeIfAbsent(who, any -> new ArrayList<>()).add(cleanup);
                    }
                }
            }
            report(lines, took);
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

    /**
     * One cleanup.
     *
     * @param seconds from its start to its end
     * @param cpu processor time of its server, in seconds
     */
    private record Took(double seconds, double cpu) {
        private static List<Double> of(List<Took> rounds, ToDoubleFunction<Took> figure) {
            return rounds.stream().map(figure::applyAsDouble).toList();
        }
    }

    private Took cleanUp(CaretakerServer server, SmallTables tables) {
        tables.clustered("postgres", "telemetry", rows, SHARE);
        PolicyRuns runs = new PolicyRuns(server);
        Plan plan = runs.plan(PolicyRuns.policy(CaretakerServer.TARGET, "telemetry", "telemetry", DAYS_KEPT));
        double before = cpu(server);
        double seconds = runs.execute(plan);
        return new Took(seconds, cpu(server) - before);
    }

    private static double cpu(CaretakerServer server) {
        return server.cpu().map(time -> time.toMillis() / 1e3).orElse(Double.NaN);
    }

    private void report(Lines lines, Map<String, List<Took>> took) {
        took.forEach((who, rounds) -> {
            List<Double> seconds = Took.of(rounds, Took::seconds);
            lines.say(
                    "  %-8s %6.3f s  (%.3f to %.3f), %.3f s of them at work in the server",
                    who,
                    Statistics.median(seconds),
                    Statistics.quantile(seconds, 0),
                    Statistics.quantile(seconds, 1),
                    Statistics.median(Took.of(rounds, Took::cpu)));
        });
        if (received.get() == 0) {
            throw new BenchException("no trace came: what was measured is not tracing");
        }
        lines.say("  %,d bytes of traces", received.get());
        List<Took> with = took.get(WITH);
        List<Took> without = took.get(WITHOUT);
        List<Double> ratios = IntStream.range(0, rounds)
                .mapToObj(
                        round -> with.get(round).seconds() / without.get(round).seconds())
                .toList();
        lines.say(
                "%s",
                new Goal(
                                "time with metrics and traces, of the time without",
                                Statistics.median(ratios),
                                MOST_RATIO,
                                true,
                                "×")
                        .in(ratios));
        List<Double> added = IntStream.range(0, rounds)
                .mapToObj(round -> 100
                        * (with.get(round).cpu() - without.get(round).cpu())
                        / without.get(round).seconds())
                .toList();
        lines.say(
                "%s",
                new Goal(
                                "processor time that metrics and traces add, of the cleanup's time",
                                Statistics.median(added),
                                MOST_PERCENT,
                                true,
                                " %")
                        .in(added));
    }
}
