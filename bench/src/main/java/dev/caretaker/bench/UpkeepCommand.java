package dev.caretaker.bench;

import com.google.protobuf.Duration;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.DefaultPartition;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.ExecuteUpkeepResponse;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionServiceGrpc;
import dev.caretaker.v1.PartitionServiceGrpc.PartitionServiceBlockingStub;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PartitionsAhead;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.TableName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Times upkeep: many partitions made, many sets with nothing to do, and a large default partition adopted. */
@Command(
        name = "upkeep",
        description = {
            "Creates partitions with three indexes and two foreign keys, by hand and by upkeep, in interleaved rounds.",
            "Plans and runs upkeep for sets that have nothing to do; adopts a default partition beside a writer."
        },
        mixinStandardHelpOptions = true)
final class UpkeepCommand implements Callable<Integer> {
    private static final double MOST_RATIO = 1.5;
    private static final double MOST_IDLE_SECONDS = 1;
    private static final double MOST_BLOCKED_MILLIS = 200;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--partitions",
            defaultValue = "300",
            description = "Partitions to create (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--sets",
            defaultValue = "500",
            description = "Sets with nothing to do (default: ${DEFAULT-VALUE}).")
    private int sets;

    @Option(
            names = "--rows",
            defaultValue = "5000000",
            description = "Rows of the default partition (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds of each (default: ${DEFAULT-VALUE}).")
    private int rounds;

    private Lines lines;
    private PartitionTables tables;
    private CaretakerServer server;

    @Override
    public Integer call() throws IOException {
        if (partitions < 1 || partitions > 1_000 || sets < 1 || sets > 500 || rows < 1 || rounds < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--partitions is 1 to 1,000, --sets 1 to 500, the others at least 1");
        }
        lines = new Lines(spec.commandLine().getOut());
        try (Workspace workspace = Workspace.create()) {
            tables = workspace.add(PartitionTables.start(workspace.folder("postgres")));
            server = workspace.add(
                    CaretakerServer.start(CaretakerServer.launcher(), workspace.folder("caretaker"), tables.url()));
            creating();
            idle();
            adopting();
        }
        return lines.exitCode();
    }

    private void creating() {
        List<Double> hand = new ArrayList<>();
        List<Double> upkeep = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            tables.create("by_hand");
            double byHand = tables.createByHand("by_hand", partitions);
            tables.create("by_upkeep");
            apply(List.of(set("creating", "by_upkeep", partitions - 1).build()));
            double byUpkeep = run("creating");
            if (round > 0) { // the first one finds cold code and catalogs
                hand.add(byHand);
                upkeep.add(byUpkeep);
            }
        }
        List<Double> ratios = IntStream.range(0, rounds)
                .mapToObj(i -> upkeep.get(i) / hand.get(i))
                .toList();
        lines.say("%,d partitions with three indexes and two foreign keys, median of %d", partitions, rounds);
        lines.say("  by hand             %.2f s%s", Statistics.median(hand), spread(hand));
        lines.say("  upkeep              %.2f s%s, planned, run and told", Statistics.median(upkeep), spread(upkeep));
        verdict(new Goal("time, of that by hand", Statistics.median(ratios), MOST_RATIO, true, "×"), ratios);
    }

    private void idle() {
        List<PartitionSet> wanted = new ArrayList<>();
        for (int i = 0; i < sets; i++) {
            tables.create("idle_" + i);
            tables.createByHand("idle_" + i, 2);
            wanted.add(set("idle-" + i, "idle_" + i, 1).build());
        }
        apply(wanted);
        List<Double> seconds = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            double took = run("");
            if (round > 0) {
                seconds.add(took);
            }
        }
        lines.say("%,d sets with nothing to do, median of %d", sets, rounds);
        verdict(new Goal("planned and run", Statistics.median(seconds), MOST_IDLE_SECONDS, true, " s"), seconds);
    }

    private void adopting() {
        tables.createWithDefault("adopted", rows);
        apply(List.of(set("adopted", "adopted", 1)
                .setDefaultPartition(DefaultPartition.DEFAULT_PARTITION_ADOPT)
                .build()));
        List<Double> seconds = new ArrayList<>();
        List<Double> idle = new ArrayList<>();
        List<Double> blocked = new ArrayList<>();
        long written = 0;
        for (int round = 0; round < rounds; round++) {
            if (round > 0) {
                tables.undoAdoption("adopted");
            }
            try (SteadyWriter writer = new SteadyWriter(tables, "adopted")) {
                while (writer.written() < 500) {
                    Thread.onSpinWait();
                }
                idle.add(writer.longestMillis());
                seconds.add(run("adopted"));
                blocked.add(writer.longestMillis());
                writer.close();
                written += writer.written();
            }
            long now = tables.number("SELECT count(*) FROM adopted");
            if (now != rows + written || tables.number("SELECT count(*) FROM adopted_default") != 0) {
                throw new BenchException(
                        "of " + (rows + written) + " rows " + now + " are there, not all where they belong");
            }
        }
        lines.say(
                "A default partition of %,d rows adopted in %.2f s%s, beside a writer (%,d rows), median of %d",
                rows, Statistics.median(seconds), spread(seconds), written, rounds);
        lines.say("  longest insert before, %.1f ms%s", Statistics.median(idle), spread(idle));
        verdict(
                new Goal("longest insert meanwhile", Statistics.median(blocked), MOST_BLOCKED_MILLIS, true, " ms"),
                blocked);
    }

    private void verdict(Goal goal, List<Double> values) {
        if (rounds < Goal.LEAST_ROUNDS) {
            lines.say(
                    "  %s: %.2f%s; no verdict with less than %d rounds",
                    goal.what(), goal.value(), goal.unit(), Goal.LEAST_ROUNDS);
        } else {
            lines.say("  %s%s", goal, spread(values));
        }
    }

    /** The least and the most. */
    private static String spread(List<Double> values) {
        return String.format(
                Locale.ROOT, " (%.2f to %.2f)", Statistics.quantile(values, 0), Statistics.quantile(values, 1));
    }

    /** Plans and runs; seconds. */
    private double run(String set) {
        long begin = System.nanoTime();
        PlanUpkeepRequest.Builder wanted =
                PlanUpkeepRequest.newBuilder().setRequestId(id()).setTarget(CaretakerServer.TARGET);
        if (!set.isEmpty()) {
            wanted.addSets(set);
        }
        Plan plan = stub().planUpkeep(wanted.build()).getPlan();
        server.awaitComplete(
                stub().executeUpkeep(ExecuteUpkeepRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(plan.getPlanId())
                        .build()),
                ExecuteUpkeepResponse::getEvent);
        return (System.nanoTime() - begin) / 1e9;
    }

    private void apply(List<PartitionSet> wanted) {
        stub().applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                .setRequestId(id())
                .addAllSets(wanted)
                .build());
    }

    private static PartitionSet.Builder set(String name, String table, int ahead) {
        return PartitionSet.newBuilder()
                .setName(name)
                .setTarget(CaretakerServer.TARGET)
                .setTable(TableName.newBuilder().setName(table))
                .setGrid(PartitionGrid.newBuilder()
                        .setCalendar(CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_DAY)))
                .setAhead(PartitionsAhead.newBuilder()
                        .setPartitions(Math.max(1, ahead))
                        .setDuration(Duration.getDefaultInstance()));
    }

    private PartitionServiceBlockingStub stub() {
        return PartitionServiceGrpc.newBlockingStub(server.channel());
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
