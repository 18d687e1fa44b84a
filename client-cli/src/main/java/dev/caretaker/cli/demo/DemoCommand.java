package dev.caretaker.cli.demo;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Connection;
import dev.caretaker.cli.demo.DemoProcess.TableCount;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.terminal.Environment;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.ListRetiredRequest;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.RetiredPartition;
import dev.caretaker.v1.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker demo}: what a user would do, on sample data, with the commands that do it. */
@Command(
        name = "demo",
        description = {
            "See it work on sample data, in a minute.",
            "Starts Caretaker and a Postgres of its own, applies policies, plans, executes,",
            "and shows what went and what stayed."
        })
public final class DemoCommand implements Callable<Integer> {
    static final String TARGET = "demo";
    static final Duration PLANNING = Duration.ofMinutes(2);

    private final Session session;
    private final Client client;
    private Page page;
    private DemoShell shell;

    @Option(names = "--keep", description = "Leave server and database running afterwards, and say how to connect.")
    private boolean keep;

    /** Runs one command of this client. */
    @FunctionalInterface
    public interface Client {
        /** Returns the exit code. */
        int run(Environment environment, String... arguments);
    }

    public DemoCommand(Session session, Client client) {
        this.session = session;
        this.client = client;
    }

    @Override
    public Integer call() {
        long start = System.nanoTime();
        page = new Page(session.environment());
        try (DemoProcess demo = DemoProcess.start(launcher(), keep, this::step)) {
            shell = new DemoShell(session.environment(), client, page, demo.server());
            List<TableCount> before = demo.count();
            Optional<DemoArchives> archives = demo.archived().map(table -> DemoArchives.before(shell, demo, table));
            shell.show("targets", "check", TARGET);
            shell.show("policies", "apply", "-f", demo.policies());
            String plan = plan();
            int executed = shell.show("execute", plan, "--yes");
            if (executed != ExitCode.COMPLETE && executed != ExitCode.PARTIAL) {
                throw new CommandFailure(executed, "the demo's run did not end well; what it did is above");
            }
            demo.sets().ifPresent(this::partitions);
            archives.ifPresent(DemoArchives::restore);
            demo.convertible().ifPresent(table -> new DemoConversion(shell, demo, table).run());
            demo.schedules().ifPresent(this::schedule);
            page.heading("What went and what stayed");
            page.blank()
                    .table(difference(
                            before,
                            demo.count(),
                            demo.sets().isPresent() ? held() : Set.of(),
                            archives.map(DemoArchives::copy)));
            page.blank()
                    .paragraph(
                            "",
                            Style.GOOD,
                            "Done in " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)
                                    + " s. Rows stay because they are young, because their time is unknown or infinite,"
                                    + " because another row refers to them, or because no policy asks for them.");
            if (keep && demo.watched().isPresent()) {
                new DemoLife(shell, demo).begin();
            }
            next(demo);
            return ExitCode.COMPLETE;
        }
    }

    /**
     * Hands partitioned tables over: what is missing is made, a default partition adopted, what is old retired and held. What need not
     * be held is archived and dropped by the next upkeep.
     */
    private void partitions(String sets) {
        shell.show("partitions", "sets", "apply", "-f", sets);
        shell.show("partitions", "upkeep", "--target", TARGET);
        shell.show("partitions", "upkeep", "--target", TARGET);
        shell.show("partitions", "retired", "list", "--target", TARGET);
    }

    /** Has it all happen by itself from now on: nothing of it is due while the demo goes. */
    private void schedule(String schedules) {
        shell.show("schedules", "apply", "-f", schedules);
        shell.show("schedules", "list", "--target", TARGET);
        shell.show("schedules", "preview", "runbook-workflows", "-n", "5");
    }

    /** Makes a plan, shows it, and returns its id. */
    private String plan() {
        shell.say("plan", "--target", TARGET, "--exact", "--brief");
        String plan;
        try (Connection connection = shell.open()) {
            plan = connection
                    .within(PLANNING)
                    .maintenance()
                    .planCleanup(PlanCleanupRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setTarget(TARGET)
                            .setExact(true)
                            .setActor(session.environment().userName())
                            .build())
                    .getPlan()
                    .getPlanId();
        }
        shell.run("plan", "--show", plan, "--brief");
        return plan;
    }

    /** By table: some are new, and hold what others have lost. */
    private static Table difference(
            List<TableCount> before, List<TableCount> after, Set<TableName> held, Optional<TableName> restored) {
        Map<TableName, TableCount> known =
                before.stream().collect(Collectors.toMap(TableCount::table, count -> count, (one, other) -> one));
        Table table = new Table("TABLE", ">ROWS BEFORE", ">GONE", ">LEFT", "PARTITIONS");
        for (TableCount now : after) {
            TableCount then = known.get(now.table());
            if (then == null) {
                boolean back = restored.filter(now.table()::equals).isPresent();
                String what = held.contains(now.table()) ? "detached, held" : back ? "restored" : "filled by a policy";
                table.row(Names.table(now.table()), "", "", Human.count(now.rows()), what);
                continue;
            }
            long gone = then.rows() - now.rows();
            table.row(
                    Names.table(then.table()),
                    Human.count(then.rows()),
                    new Table.Cell(Human.count(gone), gone == 0 ? Style.DIM : Style.BOLD),
                    Human.count(now.rows()),
                    then.partitions() == 0 ? "" : then.partitions() + " before, " + now.partitions() + " left");
        }
        return table;
    }

    /** Partitions that were detached, and are tables of their own by now. */
    private Set<TableName> held() {
        try (Connection connection = shell.open()) {
            return connection
                    .partitions()
                    .listRetired(
                            ListRetiredRequest.newBuilder().setTarget(TARGET).build())
                    .getPartitionsList()
                    .stream()
                    .map(RetiredPartition::getPartition)
                    .collect(Collectors.toSet());
        }
    }

    private void next(DemoProcess demo) {
        page.heading("What to try next");
        if (keep) {
            page.line("Server and database stay:").blank();
            demo.console().ifPresent(address -> page.line("  " + address + "    the console, for a browser"));
            page.blank()
                    .line("  export CARETAKER_SERVER=" + demo.server())
                    .line("  ./caretaker runs list")
                    .line("  ./caretaker policies list")
                    .line("  ./caretaker archives list")
                    .line("  ./caretaker backups list")
                    .line("  ./caretaker plan --target " + TARGET + " --sql")
                    .line("  ./caretaker schedules trigger orchestry-two-in-the-morning")
                    .line("  psql " + demo.database())
                    .blank()
                    .line("  kill " + demo.pid() + "    stops both and removes their files")
                    .line("  " + demo.log() + "    has what goes wrong");
        } else {
            page.line("  ./caretaker demo --keep                      the same, and server and database stay")
                    .line("  ./caretaker server --config caretaker.yml    look after a database of your own")
                    .line("  ./caretaker --help                           all commands");
        }
    }

    private void step(String what) {
        page.line(Style.DIM, what + " ...");
    }

    private static Path launcher() {
        String home = System.getProperty("caretaker.home");
        Path launcher = home == null ? null : Path.of(home, "caretaker");
        if (launcher == null || !Files.isExecutable(launcher)) {
            throw CommandFailure.usage("the demo is run by the launcher: ./caretaker demo");
        }
        return launcher;
    }
}
