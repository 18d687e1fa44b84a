package dev.caretaker.server.console;

import static dev.caretaker.server.console.Patience.await;

import com.google.protobuf.Duration;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.ArchiveStore;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarPeriod;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.ExclusionCalendar;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionRetirement;
import dev.caretaker.v1.PartitionServiceGrpc;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PauseScheduleRequest;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleServiceGrpc;
import dev.caretaker.v1.ScheduledVacuum;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import dev.caretaker.v1.Tuning;
import dev.caretaker.v1.Value;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Policies for the hostile tables, and a run of one of them, made once a server. */
final class HostileScene {
    private static final Map<ConsoleServer, HostileScene> MADE = new ConcurrentHashMap<>();

    /** PostgreSQL cuts names after 63 bytes. */
    private static final int MOST_OF_A_NAME = 20;

    private final ConsoleServer server;

    private HostileScene(ConsoleServer server) {
        this.server = server;
    }

    static HostileScene of(ConsoleServer server) {
        return MADE.computeIfAbsent(server, one -> {
            HostileScene scene = new HostileScene(one);
            scene.apply(
                    policy("script", HostileDatabase.SCRIPT),
                    policy("turned", HostileDatabase.TURNED).toBuilder()
                            .setAction(PolicyAction.POLICY_ACTION_ARCHIVE)
                            .setArchive(ArchiveTo.newBuilder()
                                    .setStore(ArchiveStore.newBuilder().setDestination(ConsoleServer.DESTINATION)))
                            .build());
            scene.apply(policy("hebrew", HostileDatabase.HEBREW));
            scene.planAndExecute("turned");
            scene.planAndExecute("hebrew");
            scene.pausedSchedule();
            scene.partitioned("parted");
            return scene;
        });
    }

    /**
     * A table of that name by months, which has none for now and the month before, and a set of the same name by which the oldest of its
     * three is to go.
     */
    void partitioned(String name) {
        partitioned(name, name);
    }

    /** The same with a table of another name, in which there is room for the name of the set. */
    void partitioned(String name, String table) {
        String quoted = HostileDatabase.quoted(table);
        String partition = name.substring(0, Math.min(name.length(), MOST_OF_A_NAME));
        server.target()
                .execute(
                        "CREATE TABLE " + quoted
                                + " (at timestamptz NOT NULL, \"<i>x</i>\" text) PARTITION BY RANGE (at)",
                        month(quoted, "<script>alert(6)</script>" + partition, 4),
                        month(quoted, partition + HostileDatabase.TURNED, 3),
                        month(quoted, partition + "_latest", 2));
        PartitionServiceGrpc.newBlockingStub(server.channel())
                .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .addSets(PartitionSet.newBuilder()
                                .setName(name)
                                .setTarget(ConsoleServer.TARGET)
                                .setTable(TableName.newBuilder()
                                        .setSchema("public")
                                        .setName(table))
                                .setDescription("</p><script>alert(7)</script>")
                                .setGrid(PartitionGrid.newBuilder()
                                        .setCalendar(
                                                CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_MONTH)))
                                .setRetirement(PartitionRetirement.newBuilder()
                                        .setCalendar(CalendarPeriod.newBuilder().setMonths(3)))
                                .setNamePattern("{table}_p{yyyy}{mm}{dd}"))
                        .build());
    }

    private static String month(String table, String name, int ago) {
        YearMonth month = YearMonth.now(ZoneOffset.UTC).minusMonths(ago);
        return "CREATE TABLE \"" + name + "\" PARTITION OF " + table + " FOR VALUES FROM ('" + month
                + "-01 00:00+00') TO ('" + month.plusMonths(1) + "-01 00:00+00')";
    }

    /** Of hostile tables, with hostile texts; it never starts anything. */
    private void pausedSchedule() {
        var schedules = ScheduleServiceGrpc.newBlockingStub(server.channel());
        schedules.applySchedules(ApplySchedulesRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .addSchedules(Schedule.newBuilder()
                        .setName("paused")
                        .setDescription("</td><script>alert(4)</script>")
                        .setAllTargets(true)
                        .setCron("0 3 * * *")
                        .setZone("UTC")
                        .addCalendars("feasts")
                        .setWork(ScheduledWork.newBuilder()
                                .setVacuum(ScheduledVacuum.newBuilder()
                                        .addTables(TableName.newBuilder().setName(HostileDatabase.SCRIPT))
                                        .addTables(TableName.newBuilder().setName(HostileDatabase.TURNED)))))
                .addCalendars(ExclusionCalendar.newBuilder()
                        .setName("feasts")
                        .setDescription("<b>" + HostileDatabase.TURNED + "</b>")
                        .setZone("UTC")
                        .addYearly("12-24"))
                .build());
        schedules.pauseSchedule(PauseScheduleRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setName("paused")
                .setReason("<script>alert(5)</script>" + HostileDatabase.TURNED)
                .build());
    }

    /** Without anything in it: for servers that are a test's own. */
    static HostileScene bare(ConsoleServer server) {
        return new HostileScene(server);
    }

    void cancel(String runId) {
        RunServiceGrpc.newBlockingStub(server.channel())
                .cancelRun(CancelRunRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setRunId(runId)
                        .setReason("over")
                        .build());
    }

    static Policy policy(String name, String table) {
        return Policy.newBuilder()
                .setName(name)
                .setTarget(ConsoleServer.TARGET)
                .setDescription("</textarea><script>alert(3)</script>")
                .setTable(TableName.newBuilder().setSchema("public").setName(table))
                .setTimeColumn(TimeColumn.newBuilder()
                        .setName("<b>ended</b>")
                        .setKind(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ))
                .setRetention(
                        Retention.newBuilder().setDuration(Duration.newBuilder().setSeconds(30 * 86_400)))
                .setFilter(Filter.newBuilder()
                        .setComparison(Comparison.newBuilder()
                                .setColumn("note")
                                .setOperator(ComparisonOperator.COMPARISON_OPERATOR_EQUAL)
                                .setValue(Value.newBuilder().setStringValue("</td>"))))
                .setAction(PolicyAction.POLICY_ACTION_DELETE)
                .build();
    }

    void apply(Policy... policies) {
        ApplyPoliciesRequest.Builder request =
                ApplyPoliciesRequest.newBuilder().setRequestId(UUID.randomUUID().toString());
        for (Policy policy : policies) {
            request.addPolicies(policy);
        }
        PolicyServiceGrpc.newBlockingStub(server.channel()).applyPolicies(request.build());
    }

    /**
     * A table of its own with a policy of the same name.
     *
     * @param old rows that the policy may remove; it keeps a hundred more
     */
    String table(String name, int old) {
        table(name, name, old);
        return name;
    }

    /** The same where the table has a name that a policy could not have. */
    void table(String policy, String table, int old) {
        String quoted = HostileDatabase.quoted(table);
        server.target()
                .execute(
                        "CREATE TABLE " + quoted + " (id int PRIMARY KEY, \"<b>ended</b>\" timestamptz, note text)",
                        "CREATE INDEX ON " + quoted + " (\"<b>ended</b>\")",
                        "INSERT INTO " + quoted
                                + " SELECT i, now() - interval '90 days', '</td>' FROM generate_series(1, " + old
                                + ") i",
                        "INSERT INTO " + quoted + " SELECT -i, now(), '' FROM generate_series(1, 100) i",
                        "ANALYZE " + quoted);
        apply(policy(policy, table));
    }

    /** A run that would take minutes, since it may remove only a few rows a second. */
    Run slowRun(String name) {
        return slowRun(name, 50);
    }

    /** One that removes 20,000 rows, so many of them a second. */
    Run slowRun(String name, long rowsPerSecond) {
        table(name, 20_000);
        return slow(name, rowsPerSecond);
    }

    /** A run of a policy that has much to remove, once it has begun to. */
    Run slow(String policy, long rowsPerSecond) {
        var maintenance = MaintenanceServiceGrpc.newBlockingStub(server.channel());
        Plan plan = maintenance
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setTarget(ConsoleServer.TARGET)
                        .addPolicies(policy)
                        .build())
                .getPlan();
        String run = maintenance
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setPlanId(plan.getPlanId())
                        .setTuning(Tuning.newBuilder().setMaxRowsPerSecond(rowsPerSecond))
                        .build())
                .next()
                .getEvent()
                .getRunId();
        await().until(() -> run("/" + run).getTotals().getBatches() > 0
                || run("/" + run).getState() == RunState.RUN_STATE_THROTTLED);
        return run("/" + run);
    }

    /** @param path that ends with the id of the run */
    Run run(String path) {
        return RunServiceGrpc.newBlockingStub(server.channel())
                .getRun(GetRunRequest.newBuilder()
                        .setRunId(path.substring(path.lastIndexOf('/') + 1))
                        .build())
                .getRun();
    }

    /** Plans and executes in the console; brings the path of the run, which goes on. */
    String planAndExecute(String policy) {
        Browser browser = Browser.signedIn(server);
        var page = browser.get("/console/policies/main/" + policy).html();
        var plan = browser.submit(page, "/console/plans", Map.of()).location();
        var run = browser.submit(browser.get(plan).html(), plan + "/execute", Map.of());
        return run.location();
    }
}
