package dev.caretaker.bench;

import com.google.protobuf.Timestamp;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.ListFiresResponse;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.ListRunsResponse;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleServiceGrpc;
import dev.caretaker.v1.ScheduleServiceGrpc.ScheduleServiceBlockingStub;
import dev.caretaker.v1.ScheduledVacuum;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.TableName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Very many schedules: what a server costs while none is due, and how late they are when they are. */
@Command(
        name = "schedules",
        description = {
            "Measures what very many schedules cost while none is due, and how late their runs start.",
            "In the second part a fifth of all is due at once, every minute. What is due just after all were applied is told",
            "apart: a server has seen nothing of their targets yet.",
            "200 databases take about 2 GB of disk (in java.io.tmpdir)."
        },
        mixinStandardHelpOptions = true)
final class SchedulesCommand implements Callable<Integer> {
    private static final double MOST_DELAY_SECONDS = 2;
    private static final double MOST_IDLE_PERCENT = 5;
    private static final int ROWS = 100;
    private static final int LARGEST_REQUEST = 1_000;
    private static final int PAGE = 1_000;
    private static final Duration SETTLE = Duration.ofSeconds(20);
    /** Before that a server has not met its schedules. */
    private static final Duration MEET = Duration.ofMinutes(1);

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--schedules",
            defaultValue = "1000",
            description = "Schedules, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int schedules;

    @Option(names = "--targets", defaultValue = "200", description = "Databases, 1 to 500 (default: ${DEFAULT-VALUE}).")
    private int targets;

    @Option(
            names = "--idle",
            defaultValue = "60",
            description = "Seconds for which none is due, in three rounds (default: ${DEFAULT-VALUE}).")
    private int idle;

    @Option(
            names = "--minutes",
            defaultValue = "6",
            description =
                    "Minutes in which each is due every fifth, after one that does not count (default: ${DEFAULT-VALUE}).")
    private int minutes;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (schedules < 1
                || schedules > LARGEST_REQUEST
                || targets < 1
                || targets > 500
                || idle < Goal.LEAST_ROUNDS
                || minutes < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--schedules must lie between 1 and 1000, --targets between 1 and 500, --idle be at least 3, --minutes 1");
        }
        Lines lines = new Lines(spec.commandLine().getOut());
        try (Workspace workspace = Workspace.create()) {
            FleetDatabase fleet = workspace.add(FleetDatabase.start(workspace.folder("postgres")));
            lines.say("Creating %,d databases ...", targets);
            fleet.load(targets, ROWS);
            CaretakerServer server = workspace.add(CaretakerServer.start(
                    CaretakerServer.launcher(), workspace.folder("caretaker"), fleet.targets(targets), ""));
            apply(server, schedule -> schedule.setEvery(seconds(Duration.ofDays(366))));
            lines.say("%,d schedules at %,d targets, none due:", schedules, targets);
            idle(lines, server);
            lines.say("Each due every fifth minute, for %d minutes, after one that does not count:", minutes);
            delays(lines, server);
        }
        return lines.exitCode();
    }

    private void apply(CaretakerServer server, UnaryOperator<Schedule.Builder> when) {
        schedules(server)
                .applySchedules(ApplySchedulesRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .addAllSchedules(IntStream.range(0, schedules)
                                .mapToObj(i -> when.apply(schedule(i)).build())
                                .toList())
                        .build());
    }

    private Schedule.Builder schedule(int number) {
        return Schedule.newBuilder()
                .setName("schedule-" + number)
                .setTarget(FleetDatabase.name(number % targets))
                .setWork(ScheduledWork.newBuilder()
                        .setVacuum(ScheduledVacuum.newBuilder()
                                .addTables(TableName.newBuilder()
                                        .setSchema("public")
                                        .setName("events"))));
    }

    private void idle(Lines lines, CaretakerServer server) throws InterruptedException {
        Thread.sleep(SETTLE);
        List<Double> percents = new ArrayList<>();
        for (int part = 0; part < Goal.LEAST_ROUNDS; part++) {
            percents.add(idlePercent(server));
        }
        lines.say(
                "  %s",
                new Goal(
                                "processor time of the idle server",
                                Statistics.median(percents),
                                MOST_IDLE_PERCENT,
                                true,
                                " % of a core")
                        .in(percents));
    }

    /** Over a third of the time; NaN where the system does not tell. */
    private double idlePercent(CaretakerServer server) throws InterruptedException {
        Duration before = server.cpu().orElse(Duration.ZERO);
        long began = System.nanoTime();
        Thread.sleep(Duration.ofSeconds(idle).dividedBy(Goal.LEAST_ROUNDS));
        double seconds = (System.nanoTime() - began) / 1e9;
        return server.cpu()
                .map(now -> now.minus(before).toMillis() / 10.0 / seconds)
                .orElse(Double.NaN);
    }

    private void delays(Lines lines, CaretakerServer server) throws InterruptedException {
        apply(server, schedule -> schedule.setCron("H/5 * * * *").setZone("UTC"));
        Instant from = Instant.now();
        Instant met = from.plus(MEET);
        Thread.sleep(MEET.plusMinutes(minutes));
        List<Fire> fires = fires(server, from);
        Map<FireOutcome, Long> outcomes =
                new TreeMap<>(fires.stream().collect(Collectors.groupingBy(Fire::getOutcome, Collectors.counting())));
        Map<String, Run> runs = runs(server, from);
        Map<Instant, List<Double>> delays = new TreeMap<>();
        List<Double> beginnings = new ArrayList<>();
        for (Fire fire : fires) {
            Run run = runs.get(fire.getRunId());
            boolean early = seconds(fire.getNominalTime()) < met.getEpochSecond();
            if (run != null) {
                delays.computeIfAbsent(
                                Instant.ofEpochSecond(fire.getNominalTime().getSeconds()), key -> new ArrayList<>())
                        .add(seconds(run.getCreateTime()) - seconds(fire.getNominalTime()));
            }
            if (run != null && run.hasStartTime() && !early) {
                beginnings.add(seconds(run.getStartTime()) - seconds(fire.getNominalTime()));
            }
        }
        lines.say("  %,d fires: %s", fires.size(), outcomes);
        delays.forEach((time, each) -> lines.say(
                "    due at %s: median %.2f s, slowest %.2f s from then to the stored run%s",
                time,
                Statistics.median(each),
                Statistics.quantile(each, 1),
                time.isBefore(met) ? " (just after they were applied)" : ""));
        lines.say(
                "  from the nominal time to its first step: median %.2f s, slowest %.2f s",
                Statistics.median(beginnings), Statistics.quantile(beginnings, 1));
        List<Double> slow = delays.entrySet().stream()
                .filter(each -> !each.getKey().isBefore(met))
                .map(each -> Statistics.quantile(each.getValue(), 0.99))
                .toList();
        lines.say(
                "  %s",
                new Goal(
                                "delay that 99 of 100 fires of a minute stay within",
                                Statistics.median(slow),
                                MOST_DELAY_SECONDS,
                                true,
                                " s")
                        .in(slow));
        long others =
                fires.size() - delays.values().stream().mapToLong(List::size).sum();
        lines.say("  %s", new Goal("fires without a run", others, 0, true, ""));
    }

    private static List<Fire> fires(CaretakerServer server, Instant from) {
        List<Fire> fires = new ArrayList<>();
        String token = "";
        do {
            ListFiresResponse page = schedules(server)
                    .listFires(ListFiresRequest.newBuilder()
                            .setAfterTime(Timestamp.newBuilder().setSeconds(from.getEpochSecond()))
                            .setPageSize(PAGE)
                            .setPageToken(token)
                            .build());
            fires.addAll(page.getFiresList());
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        return fires;
    }

    /** By id. */
    private static Map<String, Run> runs(CaretakerServer server, Instant from) {
        Map<String, Run> runs = new HashMap<>();
        String token = "";
        do {
            ListRunsResponse page = RunServiceGrpc.newBlockingStub(server.channel())
                    .listRuns(ListRunsRequest.newBuilder()
                            .setCreatedAfter(Timestamp.newBuilder().setSeconds(from.getEpochSecond()))
                            .setPageSize(PAGE)
                            .setPageToken(token)
                            .build());
            page.getRunsList().forEach(run -> runs.put(run.getRunId(), run));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        return runs;
    }

    private static ScheduleServiceBlockingStub schedules(CaretakerServer server) {
        return ScheduleServiceGrpc.newBlockingStub(server.channel()).withMaxInboundMessageSize(64 << 20);
    }

    private static com.google.protobuf.Duration seconds(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.toSeconds())
                .build();
    }

    private static double seconds(Timestamp time) {
        return time.getSeconds() + time.getNanos() / 1e9;
    }
}
