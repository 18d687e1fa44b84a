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
    /** So that rounds meet different moments of what the server does by itself. */
    private static final Duration BETWEEN = Duration.ofSeconds(5);

    private static final String MEASURED = "caretaker_policy_oldest_eligible_age_seconds{";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--targets", defaultValue = "200", description = "Databases, 1 to 500 (default: ${DEFAULT-VALUE}).")
    private int targets;

    @Option(names = "--policies", defaultValue = "1000", description = "Policies (default: ${DEFAULT-VALUE}).")
    private int policies;

    @Option(names = "--scrapes", defaultValue = "200", description = "Readings in a round (default: ${DEFAULT-VALUE}).")
    private int scrapes;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "Rounds, a few seconds apart (default: ${DEFAULT-VALUE}).")
    private int rounds;

    private final HttpClient http = HttpClient.newHttpClient();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (targets < 1 || targets > LARGEST_REQUEST || policies < targets || scrapes < 1 || rounds < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--targets must lie between 1 and 500, --policies be at least as many, the others at least 1");
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
        List<List<Double>> milliseconds = new ArrayList<>();
        lines.say("%,d series, %,d bytes; %,d readings in each round", series(page, ""), page.length(), scrapes);
        for (int round = 1; round <= rounds; round++) {
            Thread.sleep(BETWEEN);
            Duration before = server.cpu().orElse(Duration.ZERO);
            List<Double> took = readings(metrics);
            double cpu = server.cpu().orElse(Duration.ZERO).minus(before).toMillis() / (double) scrapes;
            milliseconds.add(took);
            lines.say(
                    "  round %d: median %.1f ms, slowest %.1f ms; processor time %.1f ms a reading, with what else it does",
                    round, Statistics.median(took), Statistics.quantile(took, 1), cpu);
        }
        List<Double> slow = milliseconds.stream()
                .map(took -> Statistics.quantile(took, 0.99))
                .toList();
        lines.say(
                "  %s",
                new Goal(
                                "time that 99 of 100 readings stay within",
                                Statistics.median(slow),
                                MOST_MILLISECONDS,
                                true,
                                " ms")
                        .in(slow));
    }

    private List<Double> readings(URI metrics) throws IOException, InterruptedException {
        List<Double> milliseconds = new ArrayList<>();
        for (int i = 0; i < scrapes; i++) {
            long began = System.nanoTime();
            read(metrics);
            milliseconds.add((System.nanoTime() - began) / 1e6);
        }
        return milliseconds;
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
