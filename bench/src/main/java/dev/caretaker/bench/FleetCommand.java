package dev.caretaker.bench;

import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plans and executes cleanups of very many targets on one server at once. */
@Command(
        name = "fleet",
        description = {
            "Plans and executes cleanups of very many databases of one Postgres server (max_connections 100) at once.",
            "500 databases take about 5 GB of disk (in java.io.tmpdir)."
        },
        mixinStandardHelpOptions = true)
final class FleetCommand implements Callable<Integer> {
    private static final String ACTOR = "bench";
    private static final int LARGEST_REQUEST = 500;
    private static final double MOST_RESIDENT_MB = 300;
    /** A tenth of what the server allows to roles without privileges. */
    private static final int BOUND = (FleetDatabase.MAX_CONNECTIONS - 3) / 10;
    /** Fewer than this a Caretaker cannot work with. */
    private static final int LEAST_BOUND = 4;

    private static final String ERRORS = "errors";
    private static final String CONNECTIONS = "most connections at a time";
    private static final String CONNECTIONS_OF_ONE = "most connections of one server";
    private static final String LEFT = "connections left after half a minute";
    private static final Duration IDLE = Duration.ofSeconds(30);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--targets", defaultValue = "500", description = "Databases, 1 to 500 (default: ${DEFAULT-VALUE}).")
    private int targets;

    @Option(
            names = "--at-once",
            defaultValue = "200",
            description = "Clients that plan and execute at the same time (default: ${DEFAULT-VALUE}).")
    private int atOnce;

    @Option(
            names = "--rows",
            defaultValue = "2000",
            description = "Rows of each table, half of which go (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--servers",
            defaultValue = "1",
            description = "Caretaker servers that share a control store, 1 to 3 (default: ${DEFAULT-VALUE}).")
    private int servers;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "Rounds, verdicts from three on (default: ${DEFAULT-VALUE}).")
    private int rounds;

    private final Map<String, List<Double>> figures = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireSense();
        Lines lines = new Lines(spec.commandLine().getOut());
        try (Workspace workspace = Workspace.create()) {
            Path launcher = CaretakerServer.launcher();
            FleetDatabase fleet = workspace.add(FleetDatabase.start(workspace.folder("postgres")));
            lines.say("Creating %,d databases ...", targets);
            fleet.load(targets, rows);
            List<CaretakerServer> caretakers = start(workspace, launcher, fleet);
            fleet.watch();
            apply(caretakers.getFirst());
            for (int round = 1; round <= rounds; round++) {
                if (round > 1) {
                    fleet.refill(targets, rows);
                }
                round(lines, fleet, caretakers, round);
            }
            report(lines, caretakers);
        }
        return lines.exitCode();
    }

    private void requireSense() {
        boolean servable = servers >= 1 && servers <= FleetDatabase.MOST_SERVERS;
        if (targets < 1 || targets > LARGEST_REQUEST || atOnce < 1 || rows < 2 || rounds < 1 || !servable) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--targets must lie between 1 and 500, --servers between 1 and 3; --at-once, --rows and --rounds are"
                            + " positive");
        }
    }

    private void round(Lines lines, FleetDatabase fleet, List<CaretakerServer> caretakers, int round)
            throws InterruptedException {
        long began = System.nanoTime();
        List<String> errors = cleanUp(caretakers);
        double seconds = (System.nanoTime() - began) / 1e9;
        lines.say(
                "round %d: %,d targets planned and cleaned in %.1f s, %d at once, by %d server(s)",
                round, targets, seconds, atOnce, servers);
        errors.stream().distinct().limit(5).forEach(error -> lines.say("  error: %s", error));
        note(ERRORS, errors.size());
        note(CONNECTIONS, fleet.mostConnections());
        note(CONNECTIONS_OF_ONE, fleet.mostConnectionsOfOne());
        note(LEFT, left(fleet));
    }

    private void note(String what, double figure) {
        figures.computeIfAbsent(what, any -> new ArrayList<>()).add(figure);
    }

    private List<CaretakerServer> start(Workspace workspace, Path launcher, FleetDatabase fleet) throws IOException {
        Map<String, String> urls = fleet.targets(targets);
        String store = servers > 1 ? fleet.controlStore() : "";
        List<CaretakerServer> caretakers = new ArrayList<>();
        for (int i = 0; i < servers; i++) {
            caretakers.add(workspace.add(CaretakerServer.start(
                    launcher, workspace.folder("caretaker" + i), urls, FleetDatabase.login(i), store, "")));
        }
        return caretakers;
    }

    private void apply(CaretakerServer caretaker) {
        ApplyPoliciesRequest.Builder request = ApplyPoliciesRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setActor(ACTOR);
        for (int i = 0; i < targets; i++) {
            request.addPolicies(Policy.newBuilder()
                    .setName(policy(i))
                    .setTarget(FleetDatabase.name(i))
                    .setTable(TableName.newBuilder().setSchema("public").setName("events"))
                    .setTimeColumn(
                            TimeColumn.newBuilder().setName("at").setKind(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ))
                    .setRetention(Retention.newBuilder()
                            .setDuration(com.google.protobuf.Duration.newBuilder()
                                    .setSeconds(Duration.ofDays(1).toSeconds())))
                    .setAction(PolicyAction.POLICY_ACTION_DELETE)
                    .setFollowUp(FollowUp.FOLLOW_UP_NEVER));
        }
        PolicyServiceGrpc.newBlockingStub(caretaker.channel()).applyPolicies(request.build());
    }

    private static String policy(int database) {
        return "events-" + database;
    }

    /** What went wrong. */
    private List<String> cleanUp(List<CaretakerServer> caretakers) throws InterruptedException {
        List<String> errors = new ArrayList<>();
        try (var clients =
                Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < targets; i++) {
                int database = i;
                CaretakerServer caretaker = caretakers.get(i % caretakers.size());
                all.add(clients.submit(() -> cleanUp(caretaker, database)));
            }
            for (Future<?> one : all) {
                try {
                    one.get();
                } catch (ExecutionException e) {
                    errors.add(String.valueOf(e.getCause().getMessage()));
                }
            }
        }
        return errors;
    }

    private void cleanUp(CaretakerServer caretaker, int database) {
        try {
            Plan plan = caretaker
                    .maintenance()
                    .planCleanup(PlanCleanupRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setActor(ACTOR)
                            .setTarget(FleetDatabase.name(database))
                            .addPolicies(policy(database))
                            .build())
                    .getPlan();
            var finished = caretaker.awaitComplete(
                    caretaker
                            .maintenance()
                            .executeCleanup(ExecuteCleanupRequest.newBuilder()
                                    .setRequestId(UUID.randomUUID().toString())
                                    .setActor(ACTOR)
                                    .setPlanId(plan.getPlanId())
                                    .setEtag(plan.getEtag())
                                    .build()),
                    ExecuteCleanupResponse::getEvent);
            if (finished.getTotals().getRowsDeleted() != rows / 2) {
                throw new BenchException(
                        finished.getTotals().getRowsDeleted() + " rows went where " + rows / 2 + " were to go");
            }
        } catch (StatusRuntimeException e) {
            throw new BenchException("target " + FleetDatabase.name(database) + ": " + e.getStatus(), e);
        }
    }

    private void report(Lines lines, List<CaretakerServer> caretakers) {
        lines.say("");
        lines.say("%s", worst(ERRORS, 0));
        lines.say("%s", worst(CONNECTIONS, Math.max(LEAST_BOUND * servers, BOUND)));
        lines.say("%s", worst(CONNECTIONS_OF_ONE, Math.max(LEAST_BOUND, BOUND / servers)));
        lines.say("%s", worst(LEFT, 0));
        for (CaretakerServer caretaker : caretakers) {
            caretaker
                    .peakResidentBytes()
                    .ifPresent(bytes -> lines.say(
                            "%s",
                            new Goal("server's peak resident memory", bytes / 1e6, MOST_RESIDENT_MB, true, " MB")));
        }
    }

    /** Of all rounds the worst counts. */
    private Goal worst(String what, double most) {
        List<Double> each = figures.get(what);
        return new Goal(what, Statistics.quantile(each, 1), most, true, "").in(each);
    }

    private static int left(FleetDatabase fleet) {
        long end = System.nanoTime() + IDLE.toNanos();
        while (fleet.connections() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        }
        return fleet.connections();
    }
}
