package dev.caretaker.server.console;

import static dev.caretaker.server.console.Patience.await;

import com.google.protobuf.util.Timestamps;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.ArchiveStore;
import dev.caretaker.v1.ArchiveTo;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupServiceGrpc;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.ConversionServiceGrpc;
import dev.caretaker.v1.HoldServiceGrpc;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionServiceGrpc;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.PinBackupRequest;
import dev.caretaker.v1.PlanConversionRequest;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.RecordExternalBackupRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleServiceGrpc;
import dev.caretaker.v1.ScheduledVacuum;
import dev.caretaker.v1.ScheduledWork;
import dev.caretaker.v1.SetHoldRequest;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TriggerScheduleRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * A server on which every page of the console has something to show whose name tries to be more than a name: scripts, quotes, texts that
 * turn around what follows, as many bytes as PostgreSQL allows, with blanks to break at and without. Its tests visit each of them;
 * {@link ConsoleEveryPageTest} says that no page is left out.
 */
final class HostilePages {
    /** Nothing in it lets a line break. */
    private static final String LONG = "W".repeat(63);

    /** What people say, of any length. */
    private static final String REASON =
            "\"></td><script>alert(20)</script>' & " + HostileDatabase.TURNED + " " + HostileDatabase.HEBREW + LONG;

    private static final String SAID = "<script>alert(20)</script>";

    /** Has been cleaned up, its rows are kept. Of 63 bytes. */
    private static final String KEPT = "<script>alert(21)</script>\"'&<img src=x onerror=alert(22)>-----";

    /** Is being cleaned up. */
    private static final String LIVE = "<script>alert(23)</script>\"'&" + HostileDatabase.TURNED;

    private static final String PARTED = "<script>alert(24)</script>'";
    private static final String PLAIN = "<script>alert(25)</script>'";
    private static final String NOT_THERE = "<script>alert(26)</script>'";
    private static final String SNAPSHOT = "<script>alert(27)</script>";
    private static final String TWIN = "<script>alert(28)</script>";
    /** The longest that a policy, a schedule or a set may have. */
    private static final String NAME = "w".repeat(63);

    private static HostilePages shared;

    private final ConsoleServer server;
    private final List<Visit> visits;

    /**
     * A page.
     *
     * @param route as the console declares it
     * @param path with the name of the console, and with parameters
     * @param shows texts that stand on it, as one reads them, or in one of its fields
     */
    record Visit(String route, String path, List<String> shows) {
        /** A stream, a part of a page or a file is no page that a browser shows by itself with the frame of the console. */
        boolean isFramed() {
            return !route.equals("/runs/{run}/events") && !route.equals("/runs/{run}/report");
        }
    }

    private HostilePages(ConsoleServer server) {
        this.server = server;
        this.visits = make(HostileScene.bare(server));
    }

    /** The one of the process. If it could not be made, who asks next tries again, with a server of its own. */
    static synchronized HostilePages shared() {
        if (shared == null) {
            shared = new HostilePages(ConsoleServer.whole());
        }
        return shared;
    }

    ConsoleServer server() {
        return server;
    }

    List<Visit> visits() {
        return visits;
    }

    private List<Visit> make(HostileScene scene) {
        server.target()
                .execute(
                        "CREATE INDEX ON " + HostileDatabase.quoted(HostileDatabase.SCRIPT) + " (note)",
                        "CREATE INDEX " + HostileDatabase.quoted(TWIN) + " ON "
                                + HostileDatabase.quoted(HostileDatabase.SCRIPT) + " (note)",
                        "CREATE TABLE " + HostileDatabase.quoted(PLAIN)
                                + " (id bigint, at timestamptz NOT NULL, \"<i>x</i>\" text)",
                        "CREATE TABLE " + HostileDatabase.quoted(LONG) + " (id int PRIMARY KEY)");
        scene.apply(HostileScene.policy(NAME, HostileDatabase.SCRIPT));
        String ended = end(scene, kept(scene));
        String live = live(scene);
        schedules();
        hold();
        scene.partitioned(NAME, PARTED);
        String backup = backup(scene);
        String run = "/runs/" + scene.run(ended).getRunId();
        Browser browser = Browser.signedIn(server);
        String script = "schema=public&name=" + encoded(HostileDatabase.SCRIPT);
        return List.of(
                visit("/", "/", SAID),
                visit("/sign-in", "/sign-in?to=" + encoded(SNAPSHOT), SNAPSHOT),
                visit("/runs", "/runs", SAID),
                visit("/runs/{run}", run, KEPT),
                visit("/runs/{run}", "/runs/" + live, LIVE, SAID),
                visit("/runs/{run}", "/runs/" + live + "?act=1&log=1", LIVE, SAID),
                visit("/runs/{run}/events", run + "/events", KEPT),
                visit("/runs/{run}/report", run + "/report", KEPT),
                visit("/policies", "/policies", HostileDatabase.SCRIPT, KEPT, LIVE, NAME),
                visit(
                        "/policies/new",
                        "/policies/new?target=main&table=" + encoded(HostileDatabase.SCRIPT),
                        HostileDatabase.SCRIPT),
                visit("/policies/{target}/{policy}", "/policies/main/" + NAME, HostileDatabase.SCRIPT, NAME),
                visit("/policies/{target}/{policy}/edit", "/policies/main/" + NAME + "/edit", HostileDatabase.SCRIPT),
                visit("/policies/{target}/{policy}/edit", "/policies/main/" + NAME + "/edit?as=yaml", "<script>alert"),
                visit("/planning/{request}", "/planning/" + encoded(SNAPSHOT), SNAPSHOT),
                visit("/plans/{plan}", "/plans/" + scene.run(ended).getPlanId(), KEPT),
                visit("/targets", "/targets?name=" + encoded(SNAPSHOT), SNAPSHOT),
                visit("/targets", "/targets", ConsoleServer.TARGET),
                visit("/targets/{target}", "/targets/main", HostileDatabase.SCRIPT, KEPT, SAID),
                visit("/targets/{target}/table", "/targets/main/table?" + script, HostileDatabase.SCRIPT),
                visit("/targets/{target}/table", "/targets/main/table?schema=public&name=" + LONG, LONG),
                visit("/targets/{target}/table", "/targets/main/table?name=" + encoded(NOT_THERE), NOT_THERE),
                visit("/schedules", "/schedules", NOT_THERE, SAID, NAME),
                visit("/schedules/{schedule}", "/schedules/" + NAME, NOT_THERE, SAID, NAME),
                visit("/fires", "/fires", NOT_THERE, NAME),
                visit("/holds", "/holds", SAID),
                visit("/findings", "/findings?target=main", TWIN, HostileDatabase.SCRIPT),
                visit("/finding", finding(browser), TWIN),
                visit("/partitions", "/partitions", PLAIN, NAME),
                visit("/partitions/{set}", "/partitions/" + NAME, PARTED, NAME),
                visit("/upkeep/{plan}", "/upkeep/" + upkeep(), PARTED),
                visit("/conversions/{conversion}", "/conversions/" + conversion(), PLAIN),
                visit("/archives", "/archives", KEPT),
                visit("/archives/{archive}", link(browser, "/console/archives", "tbody a"), KEPT),
                visit("/backups", "/backups?target=main", SNAPSHOT),
                visit("/backups/{backup}", "/backups/" + backup, KEPT, SAID),
                visit("/audit", "/audit?about=" + encoded(SNAPSHOT), SNAPSHOT));
    }

    private static Visit visit(String route, String path, String... shows) {
        return new Visit(
                route,
                path.startsWith("/console") ? path : "/console" + path,
                List.of(shows).stream()
                        .map(text -> text.replace("\u202E", "\\u202e"))
                        .toList());
    }

    /** Path of a run that has archived what it removed. */
    private static String kept(HostileScene scene) {
        scene.table("kept", KEPT, 300);
        scene.apply(HostileScene.policy("kept", KEPT).toBuilder()
                .setAction(PolicyAction.POLICY_ACTION_ARCHIVE)
                .setArchive(ArchiveTo.newBuilder()
                        .setStore(ArchiveStore.newBuilder().setDestination(ConsoleServer.DESTINATION)))
                .build());
        return scene.planAndExecute("kept");
    }

    private static String end(HostileScene scene, String run) {
        await().until(() -> scene.run(run).getState() == RunState.RUN_STATE_ENDED);
        return run;
    }

    /** Id of a run that is paused with a reason, and stays so. */
    private String live(HostileScene scene) {
        scene.table("live", LIVE, 20_000);
        Run run = scene.slow("live", 50);
        RunServiceGrpc.newBlockingStub(server.channel())
                .pauseRun(PauseRunRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setRunId(run.getRunId())
                        .setReason(REASON)
                        .build());
        await().until(() -> scene.run("/" + run.getRunId()).getState() == RunState.RUN_STATE_PAUSED);
        return run.getRunId();
    }

    /** One that cannot do what it should, which is told after its time has come. */
    private void schedules() {
        var schedules = ScheduleServiceGrpc.newBlockingStub(server.channel());
        schedules.applySchedules(ApplySchedulesRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .addSchedules(Schedule.newBuilder()
                        .setName(NAME)
                        .setDescription(REASON)
                        .setTarget(ConsoleServer.TARGET)
                        .setCron("0 0 1 1 *")
                        .setZone("UTC")
                        .setWork(ScheduledWork.newBuilder()
                                .setVacuum(ScheduledVacuum.newBuilder()
                                        .addTables(TableName.newBuilder()
                                                .setSchema("public")
                                                .setName(NOT_THERE)))))
                .build());
        schedules.triggerSchedule(TriggerScheduleRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setName(NAME)
                .build());
        await().until(() ->
                schedules
                        .listFires(
                                ListFiresRequest.newBuilder().setSchedule(NAME).build())
                        .getFiresList()
                        .stream()
                        .anyMatch(fire -> fire.getMessage().contains(NOT_THERE)));
    }

    /** Of work that no test asks for here. */
    private void hold() {
        HoldServiceGrpc.newBlockingStub(server.channel())
                .setHold(SetHoldRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setTarget(ConsoleServer.TARGET)
                        .addKinds(RunKind.RUN_KIND_RESTORE)
                        .setReason(REASON)
                        .build());
    }

    /** Id of a pinned backup; one that somebody else made is recorded, too. */
    private String backup(HostileScene scene) {
        var backups = BackupServiceGrpc.newBlockingStub(server.channel());
        String run = backups.runBackup(RunBackupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setTarget(ConsoleServer.TARGET)
                        .setDestination(ConsoleServer.DESTINATION)
                        .setSelection(BackupSelection.newBuilder()
                                .addTables(TableName.newBuilder()
                                        .setSchema("public")
                                        .setName(KEPT)))
                        .build())
                .next()
                .getEvent()
                .getRunId();
        end(scene, "/" + run);
        backups.pinBackup(PinBackupRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setBackupId(run)
                .setReason(REASON)
                .build());
        backups.recordExternalBackup(RecordExternalBackupRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setTarget(ConsoleServer.TARGET)
                .setSource("snapshots")
                .setReference(SNAPSHOT)
                .setNote(REASON)
                .setTime(Timestamps.now())
                .build());
        return run;
    }

    private String upkeep() {
        return PartitionServiceGrpc.newBlockingStub(server.channel())
                .planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setTarget(ConsoleServer.TARGET)
                        .addSets(NAME)
                        .build())
                .getPlan()
                .getPlanId();
    }

    private String conversion() {
        return ConversionServiceGrpc.newBlockingStub(server.channel())
                .planConversion(PlanConversionRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setSet(PartitionSet.newBuilder()
                                .setName("plain")
                                .setTarget(ConsoleServer.TARGET)
                                .setTable(TableName.newBuilder()
                                        .setSchema("public")
                                        .setName(PLAIN))
                                .setGrid(PartitionGrid.newBuilder()
                                        .setCalendar(
                                                CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_DAY))))
                        .setKeyColumn("at")
                        .build())
                .getConversion()
                .getConversionId();
    }

    private static String finding(Browser browser) {
        return browser.follow(browser.get("/console/findings?target=main&look=now")).html().select("tbody tr").stream()
                .filter(row -> row.text().contains(TWIN))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no finding about " + TWIN))
                .selectFirst("a")
                .attr("href");
    }

    private static String link(Browser browser, String page, String selector) {
        return browser.get(page).html().selectFirst(selector).attr("href");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
