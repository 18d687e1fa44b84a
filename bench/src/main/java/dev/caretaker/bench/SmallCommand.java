package dev.caretaker.bench;

import dev.caretaker.v1.Plan;
import dev.caretaker.v1.RunRoutineRequest;
import dev.caretaker.v1.RunRoutineResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What little work costs as a run: a dozen partitions dropped, three percent deleted, nothing to do at all. */
@Command(
        name = "small",
        description = {
            "Times small work by SQL, by Caretaker through gRPC and through its command line.",
            "Needs about 2 GB of disk (in java.io.tmpdir)."
        },
        mixinStandardHelpOptions = true)
final class SmallCommand implements Callable<Integer> {
    private static final int DAYS_KEPT = 30;
    private static final double SHARE = 0.03;
    /** Rows of a small partition. */
    private static final int FEW = 1_000;

    private static final double MOST_DROP_RATIO = 3;
    private static final double MOST_DELETE_RATIO = 1.15;
    /** Times are short: so much is noise. What the files of a larger partition take to go is in the time by SQL, too. */
    private static final double MOST_GROWTH = 1.25;

    private static final double MOST_IDLE_SECONDS = 0.2;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--partitions",
            defaultValue = "12",
            description = "Partitions to drop, at least 1 (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--large",
            defaultValue = "300000",
            description = "Rows of a large partition; a small one has 1,000 (default: ${DEFAULT-VALUE}).")
    private int large;

    @Option(
            names = "--rows",
            defaultValue = "2000000",
            description = "Rows of the table of which 3 %% go (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "Rounds, after one that finds cold code (default: ${DEFAULT-VALUE}).")
    private int rounds;

    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
    private Lines lines;
    private SmallTables tables;
    private CaretakerServer server;

    @Override
    public Integer call() throws IOException {
        if (partitions < 1 || large <= FEW || rows < 1_000 || rounds < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--rows must be at least 1000, --large more than 1000, the others at least 1");
        }
        lines = new Lines(spec.commandLine().getOut());
        try (Workspace workspace = Workspace.create()) {
            tables = workspace.add(SmallTables.start(workspace.folder("postgres")));
            server = workspace.add(CaretakerServer.start(
                    CaretakerServer.launcher(),
                    workspace.folder("caretaker"),
                    Map.of(
                            CaretakerServer.TARGET,
                            tables.url("postgres"),
                            SmallTables.IDLE,
                            tables.url(SmallTables.IDLE)),
                    "",
                    "  routines:\n    retention: {parts: [cleanup]}\n"));
            tables.clustered(SmallTables.IDLE, "kept", rows, 0);
            new PolicyRuns(server).apply(List.of(PolicyRuns.policy(SmallTables.IDLE, "kept", "kept", DAYS_KEPT)));
            for (int round = 0; round <= rounds; round++) {
                round(round);
                if (round == 0) {
                    lines.say("First time, code and catalogs cold:");
                    seconds.forEach((what, took) -> lines.say("  %-34s %6.3f s", what, took.getFirst()));
                    seconds.clear();
                }
            }
        }
        report();
        return lines.exitCode();
    }

    private void round(int number) {
        for (int each : new int[] {FEW, large}) {
            drops(size(each), each, number);
        }
        deletes(number);
        note("client, which only starts", cli("--version"));
        note("routine with nothing to do", routine());
    }

    private void drops(String size, int rowsEach, int number) {
        String[] by = {"sql", "api", "cli"};
        for (int turn = 0; turn < by.length; turn++) {
            String contender = by[(turn + number) % by.length];
            String table = "dropped_" + contender;
            tables.partitioned(table, partitions, rowsEach);
            double took = switch (contender) {
                case "sql" -> tables.timed(byHand(table));
                case "api" -> execute(plan(table));
                default -> cli("execute", plan(table).getPlanId(), "--yes");
            };
            note(size + " " + contender, took);
        }
    }

    private String[] byHand(String table) {
        return IntStream.rangeClosed(1, partitions)
                .boxed()
                .flatMap(i -> Stream.of(
                        "ALTER TABLE " + table + " DETACH PARTITION " + table + "_" + i + " CONCURRENTLY",
                        "DROP TABLE " + table + "_" + i))
                .toArray(String[]::new);
    }

    private void deletes(int number) {
        String[] by = {"sql", "api"};
        for (int turn = 0; turn < by.length; turn++) {
            String contender = by[(turn + number) % by.length];
            String table = "clustered_" + contender;
            tables.clustered("postgres", table, rows, SHARE);
            String what = "3 % of " + String.format(Locale.ROOT, "%,d", rows) + " rows " + contender;
            note(
                    what,
                    contender.equals("sql")
                            ? tables.timed(
                                    "DELETE FROM " + table + " WHERE at < now() - interval '" + DAYS_KEPT + " days'")
                            : execute(plan(table)));
        }
    }

    private void note(String what, double took) {
        seconds.computeIfAbsent(what, any -> new ArrayList<>()).add(took);
    }

    private Plan plan(String table) {
        return new PolicyRuns(server).plan(PolicyRuns.policy(CaretakerServer.TARGET, table, table, DAYS_KEPT));
    }

    private double execute(Plan plan) {
        return new PolicyRuns(server).execute(plan);
    }

    private double routine() {
        long begin = System.nanoTime();
        server.awaitEnd(
                server.maintenance()
                        .runRoutine(RunRoutineRequest.newBuilder()
                                .setRequestId(id())
                                .setTarget(SmallTables.IDLE)
                                .setRoutine("retention")
                                .build()),
                RunRoutineResponse::getEvent);
        return (System.nanoTime() - begin) / 1e9;
    }

    /** The client as a process of its own, from its start to its end. */
    private double cli(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(CaretakerServer.launcher().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("CARETAKER_NO_BUILD", "1");
        builder.environment().put("CARETAKER_SERVER", server.address());
        try {
            long begin = System.nanoTime();
            int code = builder.start().waitFor();
            double took = (System.nanoTime() - begin) / 1e9;
            if (code != 0) {
                throw new BenchException("caretaker " + String.join(" ", arguments) + " ended with " + code);
            }
            return took;
        } catch (IOException e) {
            throw new BenchException("the client does not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    private void report() {
        lines.say("");
        lines.say("Median of %d rounds, and the spread:", rounds);
        seconds.forEach((what, took) -> lines.say(
                "  %-34s %6.3f s  (%.3f to %.3f)%s",
                what,
                Statistics.median(took),
                Statistics.quantile(took, 0),
                Statistics.quantile(took, 1),
                ratio(what)));
        lines.say("");
        if (rounds < Goal.LEAST_ROUNDS) {
            lines.say("No verdicts: the goals are for %d rounds or more.", Goal.LEAST_ROUNDS);
            return;
        }
        seconds.keySet().stream()
                .filter(what -> !bySql(what).isNaN())
                .forEach(what -> lines.say(
                        "%s",
                        new Goal(
                                        what + ", of the time by SQL",
                                        median(what) / bySql(what),
                                        what.startsWith("3 %") ? MOST_DELETE_RATIO : MOST_DROP_RATIO,
                                        true,
                                        "×")
                                .in(ratios(what))));
        growth("api");
        growth("cli");
        String idle = "routine with nothing to do";
        lines.say("%s", new Goal(idle, median(idle), MOST_IDLE_SECONDS, true, " s").in(seconds.get(idle)));
    }

    /** Whether the drop of large partitions takes longer than that of small ones, beyond what it does by SQL. */
    private void growth(String contender) {
        String few = size(FEW) + " " + contender;
        String many = size(large) + " " + contender;
        List<Double> each = IntStream.range(0, rounds)
                .mapToObj(round -> ratios(many).get(round) / ratios(few).get(round))
                .toList();
        lines.say(
                "%s",
                new Goal(
                                "growth with a partition's rows, " + contender + ", of that by SQL",
                                Statistics.median(each),
                                MOST_GROWTH,
                                true,
                                "×")
                        .in(each));
    }

    private String size(int rowsEach) {
        return String.format(Locale.ROOT, "%d partitions of %,d rows", partitions, rowsEach);
    }

    private String ratio(String what) {
        return bySql(what).isNaN() ? "" : String.format(Locale.ROOT, "  %.2f× SQL", median(what) / bySql(what));
    }

    /** In each round. */
    private List<Double> ratios(String what) {
        List<Double> took = seconds.get(what);
        List<Double> sql = seconds.get(sql(what));
        return IntStream.range(0, rounds)
                .mapToObj(round -> took.get(round) / sql.get(round))
                .toList();
    }

    private static String sql(String what) {
        return what.replaceAll(" (api|cli)$", " sql");
    }

    /** Time of the same work by SQL; NaN if it has none, or is that. */
    private Double bySql(String what) {
        String sql = sql(what);
        return sql.equals(what) || !seconds.containsKey(sql) ? Double.NaN : median(sql);
    }

    private double median(String what) {
        return Statistics.median(seconds.get(what));
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
