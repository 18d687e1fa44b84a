package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.report.observe.RunwayClock;
import dev.caretaker.server.testing.HttpReceiver;
import dev.caretaker.server.testing.TcpProxy;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.DeleteScheduleRequest;
import dev.caretaker.v1.Delivery;
import dev.caretaker.v1.ExecuteUpkeepRequest;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ListDeliveriesRequest;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PlanUpkeepRequest;
import dev.caretaker.v1.TableName;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes on until somebody does something is told once, and so is that it is over. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class StandingConditionsTest {
    private static final Database STORE = TestPostgres.controlStore();
    private static final Database TARGET = TestPostgres.newest().database();
    private static final HttpReceiver OWNER = new HttpReceiver();
    private static TcpProxy storeWire;
    private static TcpProxy targetWire;
    private static WholeServer server;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws IOException {
        storeWire = new TcpProxy(STORE.server().host(), STORE.server().port());
        targetWire = new TcpProxy(TARGET.server().host(), TARGET.server().port());
        Map<String, Object> properties = new HashMap<>();
        properties.put("caretaker.control-store.url", storeWire.url(STORE.name()));
        properties.put("caretaker.control-store.user", STORE.user());
        properties.put("caretaker.control-store.password", STORE.password());
        properties.put("caretaker.targets.far.url", targetWire.url(TARGET.name()));
        properties.put("caretaker.targets.far.user", TARGET.user());
        properties.put("caretaker.targets.far.password", TARGET.password());
        properties.put("caretaker.targets.slow.url", TARGET.url());
        properties.put("caretaker.targets.slow.user", TARGET.user());
        properties.put("caretaker.targets.slow.password", TARGET.password());
        properties.put("caretaker.targets.slow.tuning.max-rows-per-second", "20");
        properties.put("caretaker.notifications.unreachable-after", "2s");
        properties.put("caretaker.notifications.paused-after", "1s");
        properties.put("caretaker.notifications.channels.book.type", "file");
        properties.put(
                "caretaker.notifications.channels.book.path",
                folder.resolve("book.jsonl").toString());
        properties.put("caretaker.notifications.channels.alive.type", "heartbeat");
        properties.put("caretaker.notifications.channels.alive.url", OWNER.url("/alive"));
        properties.put("caretaker.notifications.channels.alive.allow-private", "true");
        properties.put("caretaker.notifications.channels.alive.every", "1s");
        server = WholeServer.start(TARGET, properties);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        storeWire.close();
        targetWire.close();
        OWNER.close();
    }

    private static int beats() {
        return OWNER.received("/alive").size();
    }

    private static List<Delivery> told(String event, String topic) {
        try {
            return server
                    .notifications()
                    .listDeliveries(ListDeliveriesRequest.newBuilder()
                            .setPageSize(1_000)
                            .build())
                    .getDeliveriesList()
                    .stream()
                    .filter(one ->
                            one.getEvent().equals(event) && one.getTopic().equals(topic))
                    .toList();
        } catch (StatusRuntimeException e) {
            return List.of();
        }
    }

    private static boolean isAway() {
        try {
            server.notifications().listDeliveries(ListDeliveriesRequest.getDefaultInstance());
            return false;
        } catch (StatusRuntimeException e) {
            return true;
        }
    }

    private static Delivery until(String event, String topic) {
        await(event)
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> !told(event, topic).isEmpty());
        assertThat(told(event, topic)).hasSize(1);
        return told(event, topic).getFirst();
    }

    @Test
    void a_target_that_is_away_is_told_and_so_is_that_it_is_back() {
        targetWire.cut();
        Delivery away = until("target.unreachable", "targets/far");
        assertThat(away.getSummary())
                .contains("Target far cannot be worked on since")
                .contains("TARGET_UNREACHABLE");
        targetWire.mend();
        assertThat(until("target.reachable", "targets/far").getSummary()).contains("Target far can be worked on again");
        assertThat(told("target.unreachable", "targets/main")).isEmpty();
    }

    @Test
    void a_run_that_somebody_has_paused_waits_for_a_person_until_it_goes_on() {
        String run = "2f1dc2ff-52a3-4b30-a0cd-3f6a2b4c7d11";
        STORE.execute(
                "INSERT INTO caretaker.run (run_id, kind, target, state, state_since, desired, request, created_by,"
                        + " created, row_limits, tuning) SELECT '" + run
                        + "', 'CLEANUP', 'main', 'PAUSED', now(), 'PAUSED',"
                        + " '{\"actor\": {\"name\": \"anna\"}, \"reason\": \"lunch\"}', '{\"name\": \"anna\"}', now(), '{}', '{}'");
        assertThat(until("run.paused", "runs/" + run).getSummary())
                .startsWith("Cleanup at main has been paused since")
                .endsWith(" by anna and waits for a person.");
        STORE.execute("UPDATE caretaker.run SET state = 'QUEUED' WHERE run_id = '" + run + "'");
        assertThat(until("run.resumed", "runs/" + run).getSummary()).isEqualTo("Cleanup at main is no longer paused.");
    }

    @Test
    void a_plan_that_removes_too_much_waits_for_a_person_until_somebody_takes_it() {
        String plan = "6a1f61b8-0c34-4f41-8a06-2f1f6a5b9c22";
        STORE.execute(
                "INSERT INTO caretaker.plan (plan_id, kind, target, content, created, expires) VALUES ('" + plan
                        + "', 'cleanup', 'main', '{}', now(), now() + interval '1 hour')",
                "INSERT INTO caretaker.fire (schedule, target, nominal, outcome, reason, message, times, last_nominal,"
                        + " decided, attempts, earlier_runs, plan_id) VALUES ('nightly', 'main', now(), 'REFUSED',"
                        + " 'UNUSUAL_VOLUME', '', 1, now(), now(), 1, '{}', '" + plan + "')");
        assertThat(until("plan.waiting", "plans/" + plan).getSummary())
                .startsWith(
                        "A plan of schedule nightly at main removes far more than usual: it waits for a person until");
        STORE.execute("UPDATE caretaker.plan SET claimed = now() WHERE plan_id = '" + plan + "'");
        until("plan.settled", "plans/" + plan);
    }

    @Test
    void a_schedule_that_is_skipped_three_times_in_a_row_is_told_with_the_run_in_its_way_until_it_starts_again() {
        TARGET.execute(
                "CREATE TABLE long (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO long SELECT i, now() - interval '30 days' FROM generate_series(1, 200000) i");
        String topic = "schedules/crowded/slow";
        server.policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(ScheduleScene.id())
                        .addPolicies(ScheduleScene.policy("long", "slow", "long"))
                        .build());
        server.schedules()
                .applySchedules(ApplySchedulesRequest.newBuilder()
                        .setRequestId(ScheduleScene.id())
                        .addSchedules(
                                ScheduleScene.cleanup("crowded", "slow", "long").setEvery(ScheduleScene.seconds(2)))
                        .build());
        Delivery told = until("schedule.overlapping", topic);
        List<Fire> skipped = fires("crowded", FireOutcome.FIRE_OUTCOME_SKIPPED_OVERLAP);
        String run =
                fires("crowded", FireOutcome.FIRE_OUTCOME_STARTED).getFirst().getRunId();
        assertThat(skipped).as("not before the third").hasSizeGreaterThanOrEqualTo(3);
        assertThat(told.getSummary())
                .matches("Schedule crowded at slow has been skipped ([3-9]|\\d\\d+) times in a row since "
                        + Instant.ofEpochSecond(
                                skipped.getLast().getNominalTime().getSeconds()) + ": its run " + run
                        + ", started at \\S+, goes on \\([A-Z_]+\\)\\.");
        assertThat(told("schedule.unobstructed", topic)).isEmpty();
        cancel(run);
        assertThat(until("schedule.unobstructed", topic).getSummary())
                .isEqualTo("Schedule crowded at slow is no longer skipped because of the run before.");
        server.schedules()
                .deleteSchedule(DeleteScheduleRequest.newBuilder()
                        .setRequestId(ScheduleScene.id())
                        .setName("crowded")
                        .build());
        String next =
                fires("crowded", FireOutcome.FIRE_OUTCOME_STARTED).getFirst().getRunId();
        if (!next.equals(run)) {
            cancel(next); // the schedule may have gone before another was started
        }
    }

    @Test
    void a_schedule_is_no_longer_skipped_as_soon_as_the_run_in_its_way_has_ended() {
        String run = "b1c7a0e2-5a0e-4d35-9a30-5a7e6f1c9d33";
        server.schedules()
                .applySchedules(ApplySchedulesRequest.newBuilder()
                        .setRequestId(ScheduleScene.id())
                        .addSchedules(ScheduleScene.vacuum("yearly", "main")
                                .setCron("0 0 1 1 *")
                                .setZone("UTC"))
                        .build());
        STORE.execute(
                "INSERT INTO caretaker.run (run_id, kind, target, state, state_since, desired, request, created_by,"
                        + " created, row_limits, tuning) SELECT '" + run
                        + "', 'VACUUM', 'main', 'PAUSED', now(), 'PAUSED',"
                        + " '{\"actor\": {\"name\": \"anna\"}, \"reason\": \"lunch\"}', '{\"name\": \"anna\"}', now(), '{}', '{}'",
                "UPDATE caretaker.schedule_line SET run_id = '" + run
                        + "', skipped = 3, skipped_since = now() WHERE schedule = 'yearly'");
        until("schedule.overlapping", "schedules/yearly/main");
        STORE.execute("UPDATE caretaker.run SET state = 'ENDED', outcome = 'CANCELLED', ended = now() WHERE run_id = '"
                + run + "'");
        until("schedule.unobstructed", "schedules/yearly/main");
        server.schedules()
                .deleteSchedule(DeleteScheduleRequest.newBuilder()
                        .setRequestId(ScheduleScene.id())
                        .setName("yearly")
                        .build());
    }

    private static void cancel(String run) {
        server.runs()
                .cancelRun(CancelRunRequest.newBuilder()
                        .setRequestId(ScheduleScene.id())
                        .setRunId(run)
                        .build());
    }

    /** Newest first. */
    private static List<Fire> fires(String schedule, FireOutcome outcome) {
        return server
                .schedules()
                .listFires(ListFiresRequest.newBuilder()
                        .setSchedule(schedule)
                        .setPageSize(1_000)
                        .build())
                .getFiresList()
                .stream()
                .filter(fire -> fire.getOutcome() == outcome)
                .toList();
    }

    @Test
    void an_outage_of_the_control_store_is_told_while_it_goes_on_and_when_it_is_over() {
        storeWire.cut();
        await("an outage")
                .during(Duration.ofSeconds(4))
                .atMost(60, TimeUnit.SECONDS)
                .until(StandingConditionsTest::isAway);
        int before = beats();
        assertThat(before).isPositive();
        await("the heartbeat stays away, so that its owner raises the alarm")
                .during(Duration.ofSeconds(4))
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> beats() == before);
        await("what is told without the store")
                .atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(outages())
                        .singleElement()
                        .satisfies(line -> assertThat(line)
                                .contains(
                                        "The control store has not answered since",
                                        "\"ongoing\":\"true\"",
                                        "\"critical\"")));
        storeWire.mend();
        await("the heartbeat comes again").atMost(60, TimeUnit.SECONDS).until(() -> beats() > before);
        assertThat(until("store.outage", "control-store").getSummary())
                .containsPattern("The control store did not answer for \\d+ s: nothing was started");
        await("the book")
                .atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(outages())
                        .hasSize(2)
                        .last()
                        .satisfies(line -> assertThat(line).contains("did not answer for")));
    }

    private static List<String> outages() throws IOException {
        Path book = folder.resolve("book.jsonl");
        return Files.exists(book)
                ? Files.readAllLines(book).stream()
                        .filter(line -> line.contains("\"dev.caretaker.store.outage\""))
                        .toList()
                : List.of();
    }

    @Test
    void partitions_that_come_to_their_end_are_told_by_the_clock_and_so_is_that_upkeep_made_some() {
        TARGET.execute("CREATE TABLE events (at timestamptz NOT NULL) PARTITION BY RANGE (at)");
        server.partitions()
                .applyPartitionSets(ApplyPartitionSetsRequest.newBuilder()
                        .setRequestId(ScheduleScene.id())
                        .addSets(PartitionSet.newBuilder()
                                .setName("events")
                                .setTarget("main")
                                .setTable(TableName.newBuilder().setName("events"))
                                .setGrid(PartitionGrid.newBuilder()
                                        .setCalendar(CalendarGrid.newBuilder()
                                                .setUnit(CalendarUnit.CALENDAR_UNIT_DAY)
                                                .setZone("UTC"))))
                        .build());
        server.bean(RunwayClock.class).look();
        STORE.execute("UPDATE caretaker.partition_set SET updated = now() - interval '2 hours' WHERE name = 'events'");
        Delivery behind = until("runway.short", "partition-sets/events");
        assertThat(behind.getSummary())
                .matches(
                        "The partition set events at main lacks \\d+ partitions that it wants; those that there are ended"
                                + " at \\S+\\.");
        assertThat(until("runway.short", "partition-sets/events/now").getSummary())
                .startsWith("The partition set events at main has no partition for the rows of now");
        String plan = server.partitions()
                .planUpkeep(PlanUpkeepRequest.newBuilder()
                        .setRequestId(ScheduleScene.id())
                        .addSets("events")
                        .build())
                .getPlan()
                .getPlanId();
        server.partitions()
                .executeUpkeep(ExecuteUpkeepRequest.newBuilder()
                        .setRequestId(ScheduleScene.id())
                        .setPlanId(plan)
                        .build())
                .forEachRemaining(event -> {});
        server.bean(RunwayClock.class).look();
        until("runway.restored", "partition-sets/events");
        until("runway.restored", "partition-sets/events/now");
    }
}
