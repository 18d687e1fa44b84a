package dev.caretaker.bench;

import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.Policy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long it takes to read the metrics of very many targets and policies. */
@Command(
        name = "scrape",
        description = {
            "Times the reading of /metrics of a server with very many databases and policies, all of them measured.",
            "200 databases take about 2 GB of disk (in java.io.tmpdir)."
        },
        mixinStandardHelpOptions = true)
final class ScrapeCommand implements Callable<Integer> {
    private static final double MOST_MILLISECONDS = 50;
    private static final int ROWS = 100;
    private static final int LARGEST_REQUEST = 500;
    private static final int WARM_UP = 20;
    private static final Duration LOOKS = Duration.ofSeconds(60);
    private static final String MEASURED = "caretaker_policy_oldest_eligible_age_seconds{";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--targets", defaultValue = "200", description = "Databases, 1 to 500 (default: ${DEFAULT-VALUE}).")
    private int targets;

    @Option(names = "--policies", defaultValue = "1000", description = "Policies (default: ${DEFAULT-VALUE}).")
    private int policies;

    @Option(names = "--scrapes", defaultValue = "200", description = "Readings (default: ${DEFAULT-VALUE}).")
    private int scrapes;

    private final HttpClient http = HttpClient.newHttpClient();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (targets < 1 || targets > LARGEST_REQUEST || policies < targets || scrapes < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--targets must lie between 1 and 500, --policies be at least as many");
        }
        Lines lines = new Lines(spec.commandLine().getOut());
        try (Workspace workspace = Workspace.create()) {
            FleetDatabase fleet = workspace.add(FleetDatabase.start(workspace.folder("postgres")));
            lines.say("Creating %,d databases ...", targets);
            fleet.load(targets, ROWS);
            int port = CaretakerServer.freePort();
            CaretakerServer server = workspace.add(CaretakerServer.start(
                    CaretakerServer.launcher(),
                    workspace.folder("caretaker"),
                    fleet.targets(targets),
                    "",
                    "  http: {port: " + port + "}\n"));
            apply(server);
            lines.say("Measuring %,d policies ...", policies);
            measure(server);
            report(lines, server, URI.create("http://127.0.0.1:" + port + "/metrics"));
        }
        return lines.exitCode();
    }

    private void apply(CaretakerServer server) {
        List<Policy> all = IntStream.range(0, policies)
                .mapToObj(i ->
                        PolicyRuns.policy(FleetDatabase.name(i % targets), "policy-" + i, "events", 1 + i / targets))
                .toList();
        for (int i = 0; i < all.size(); i += LARGEST_REQUEST) {
            new PolicyRuns(server).apply(all.subList(i, Math.min(all.size(), i + LARGEST_REQUEST)));
        }
    }

    private void measure(CaretakerServer server) {
        for (int i = 0; i < targets; i++) {
            server.maintenance()
                    .detectIssues(DetectIssuesRequest.newBuilder()
                            .setTarget(FleetDatabase.name(i))
                            .addChecks("cleanup-overdue")
                            .addChecks("xid-age")
                            .build());
        }
    }

    private void report(Lines lines, CaretakerServer server, URI metrics) throws IOException, InterruptedException {
        String page = read(metrics);
        long giveUp = System.nanoTime() + LOOKS.toNanos();
        while (series(page, MEASURED) < policies && System.nanoTime() < giveUp) {
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            page = read(metrics);
        }
        if (series(page, MEASURED) < policies) {
            throw new BenchException("only " + series(page, MEASURED) + " policies are told of");
        }
        for (int i = 0; i < WARM_UP; i++) {
            read(metrics);
        }
        Duration before = server.cpu().orElse(Duration.ZERO);
        List<Double> milliseconds = new ArrayList<>();
        for (int i = 0; i < scrapes; i++) {
            long began = System.nanoTime();
            read(metrics);
            milliseconds.add((System.nanoTime() - began) / 1e6);
        }
        double cpu = server.cpu().orElse(Duration.ZERO).minus(before).toMillis() / (double) scrapes;
        lines.say("%,d series, %,d bytes; %,d readings", series(page, ""), page.length(), scrapes);
        lines.say(
                "  median %.1f ms, slowest %.1f ms",
                Statistics.median(milliseconds), Statistics.quantile(milliseconds, 1));
        lines.say("  processor time of the server: %.1f ms a reading, with what else it does meanwhile", cpu);
        lines.say(
                "  %s",
                new Goal(
                        "time that 99 of 100 readings stay within",
                        Statistics.quantile(milliseconds, 0.99),
                        MOST_MILLISECONDS,
                        true,
                        " ms"));
    }

    private String read(URI metrics) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(metrics).timeout(Duration.ofSeconds(10)).build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new BenchException("/metrics answers " + answer.statusCode());
        }
        return answer.body();
    }

    private static long series(String page, String prefix) {
        return page.lines()
                .filter(line -> !line.startsWith("#") && line.startsWith(prefix))
                .count();
    }
}
