package dev.caretaker.cli.demo;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Address;
import dev.caretaker.cli.connect.Connection;
import dev.caretaker.cli.connect.Security;
import dev.caretaker.cli.demo.DemoProcess.TableCount;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.terminal.Environment;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanConversionRequest;
import dev.caretaker.v1.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final String TARGET = "demo";
    private static final Duration PLANNING = Duration.ofMinutes(2);

    private final Session session;
    private final Client client;
    private Page page;

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
            List<TableCount> before = demo.count();
            show(demo, "targets", "check", TARGET);
            show(demo, "policies", "apply", "-f", demo.policies());
            String plan = plan(demo);
            int executed = show(demo, "execute", plan, "--yes");
            if (executed != ExitCode.COMPLETE && executed != ExitCode.PARTIAL) {
                throw new CommandFailure(executed, "the demo's run did not end well; what it did is above");
            }
            demo.sets().ifPresent(sets -> partitions(demo, sets));
            demo.convertible().ifPresent(table -> convert(demo, table));
            demo.schedules().ifPresent(schedules -> schedule(demo, schedules));
            page.heading("What went and what stayed");
            page.blank().table(difference(before, demo.count()));
            page.blank()
                    .paragraph(
                            "",
                            Style.GOOD,
                            "Done in " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)
                                    + " s. Rows stay because they are young, because their time is unknown or infinite,"
                                    + " because another row refers to them, or because no policy asks for them.");
            next(demo);
            return ExitCode.COMPLETE;
        }
    }

    /** Says the command, then runs it; its exit code is that of the command. */
    private int show(DemoProcess demo, String... arguments) {
        say(arguments);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--server=" + demo.server());
        int code = client.run(session.environment(), all.toArray(String[]::new));
        if (code != ExitCode.COMPLETE && !arguments[0].equals("execute")) {
            throw new CommandFailure(code, "the demo stops here: 'caretaker " + arguments[0] + "' left with " + code);
        }
        return code;
    }

    /** Hands partitioned tables over: what is missing is made, a default partition adopted, what is old retired and held. */
    private void partitions(DemoProcess demo, String sets) {
        show(demo, "partitions", "sets", "apply", "-f", sets);
        show(demo, "partitions", "upkeep", "--target", TARGET);
        show(demo, "partitions", "retired", "list", "--target", TARGET);
    }

    /** Makes a plain table partitioned while an application writes to it, and again what it was. */
    private void convert(DemoProcess demo, String table) {
        String[] line = {
            "convert",
            "plan",
            table,
            "--target",
            TARGET,
            "--grid",
            "month",
            "--column",
            "CreatedAt",
            "--accept",
            "UNIQUE_NARROWED,FOREIGN_KEYS_DROPPED",
            "--brief"
        };
        say(line);
        String id = planConversion(demo, table);
        client.run(session.environment(), "convert", "show", id, "--brief", "--server=" + demo.server());
        demo.write();
        show(demo, "convert", "start", id);
        show(demo, "convert", "revert", id);
        DemoProcess.Written written = demo.rest();
        page.blank()
                .line(
                        written.wrong() == 0 ? Style.GOOD : Style.BAD,
                        "Meanwhile an application wrote " + Human.count(written.rows()) + " rows and changed them: "
                                + (written.wrong() == 0 ? "none was" : Human.count(written.wrong()) + " were")
                                + " lost, doubled or refused.");
    }

    /** Has it all happen by itself from now on: nothing of it is due while the demo goes. */
    private void schedule(DemoProcess demo, String schedules) {
        show(demo, "schedules", "apply", "-f", schedules);
        show(demo, "schedules", "list", "--target", TARGET);
        show(demo, "schedules", "preview", "runbook-workflows", "-n", "5");
    }

    private String planConversion(DemoProcess demo, String table) {
        try (Connection connection = open(demo)) {
            return connection
                    .within(PLANNING)
                    .conversions()
                    .planConversion(PlanConversionRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setActor(session.environment().userName())
                            .setKeyColumn("CreatedAt")
                            .addAcceptedLosses(ConversionLoss.CONVERSION_LOSS_UNIQUE_NARROWED)
                            .addAcceptedLosses(ConversionLoss.CONVERSION_LOSS_FOREIGN_KEYS_DROPPED)
                            .setSet(PartitionSet.newBuilder()
                                    .setName("joboccurrences")
                                    .setTarget(TARGET)
                                    .setTable(TableNames.parse(table))
                                    .setGrid(PartitionGrid.newBuilder()
                                            .setCalendar(CalendarGrid.newBuilder()
                                                    .setUnit(CalendarUnit.CALENDAR_UNIT_MONTH))))
                            .build())
                    .getConversion()
                    .getConversionId();
        }
    }

    private static Connection open(DemoProcess demo) {
        return Connection.open(Address.parse(demo.server()), new Security(false, null, null, null, "", false));
    }

    /** Makes a plan, shows it, and returns its id. */
    private String plan(DemoProcess demo) {
        say("plan", "--target", TARGET, "--exact", "--brief");
        String plan;
        try (Connection connection = open(demo)) {
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
        client.run(session.environment(), "plan", "--show", plan, "--brief", "--server=" + demo.server());
        return plan;
    }

    /** By table: partitions that were detached are tables of their own by now, and hold what their table has lost. */
    private static Table difference(List<TableCount> before, List<TableCount> after) {
        Map<TableName, TableCount> known =
                before.stream().collect(Collectors.toMap(TableCount::table, count -> count, (one, other) -> one));
        Table table = new Table("TABLE", ">ROWS BEFORE", ">GONE", ">LEFT", "PARTITIONS");
        for (TableCount now : after) {
            TableCount then = known.get(now.table());
            if (then == null) {
                table.row(Names.table(now.table()), "", "", Human.count(now.rows()), "detached, held");
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

    private void next(DemoProcess demo) {
        page.heading("What to try next");
        if (keep) {
            page.line("Server and database stay:").blank();
            demo.console().ifPresent(address -> page.line("  " + address + "    the console, for a browser"));
            page.blank()
                    .line("  export CARETAKER_SERVER=" + demo.server())
                    .line("  ./caretaker runs list")
                    .line("  ./caretaker policies list")
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

    private void say(String... arguments) {
        page.blank()
                .line(Style.BOLD, "$ caretaker " + String.join(" ", arguments))
                .blank();
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
