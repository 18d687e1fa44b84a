package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static dev.caretaker.server.api.ScheduleScene.seconds;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_REFUSED;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_SKIPPED_CALENDAR;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_STARTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.ExclusionCalendar;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireRetries;
import dev.caretaker.v1.GetScheduleRequest;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyLimits;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduledWork;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Schedules whose work fails, is refused or is kept back, through the whole server. */
class FailingSchedulesTest {
    private static ScheduleScene scene;

    @BeforeAll
    static void start() {
        scene = new ScheduleScene(Map.of("caretaker.routines.tidy.parts", List.of("cleanup")));
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
    }

    /** A table with one old row that another table refers to: its cleanup fails. */
    private static void pinned(String table, String at) {
        scene.target.execute(
                "CREATE TABLE " + table + " (id serial PRIMARY KEY, ended timestamptz)",
                "CREATE TABLE " + table + "_pins (pinned int PRIMARY KEY REFERENCES " + table + ")");
        pin(table);
        scene.apply(ScheduleScene.policy(table, at, table));
    }

    private static void pin(String table) {
        scene.target.execute(
                "INSERT INTO " + table + " (ended) VALUES (now() - interval '30 days')",
                "INSERT INTO " + table + "_pins SELECT max(id) FROM " + table);
    }

    private static FireRetries once(long delay) {
        return FireRetries.newBuilder().setTimes(1).setDelay(seconds(delay)).build();
    }

    @Test
    void a_failed_run_is_followed_by_another_after_the_delay() {
        pinned("delayed", "main");
        scene.apply(ScheduleScene.cleanup("delayed", "main", "delayed").setRetries(once(4)));
        scene.trigger("delayed");
        Fire again = scene.until("delayed", fire -> fire.getEarlierRunIdsCount() == 1);
        assertThat(scene.store.number("SELECT extract(epoch FROM next.created - first.ended) * 1000"
                        + " FROM caretaker.run first, caretaker.run next WHERE first.run_id = '"
                        + again.getEarlierRunIds(0) + "' AND next.run_id = '" + again.getRunId() + "'"))
                .as("milliseconds from the end of the first to the beginning of the next")
                .isBetween(4_000L, 20_000L);
    }

    @Test
    void a_fire_that_had_a_run_stays_started_whatever_becomes_of_the_next_attempt() {
        pinned("unreadable", "main");
        scene.apply(ScheduleScene.cleanup("unreadable", "main", "unreadable").setRetries(once(3)));
        scene.trigger("unreadable");
        Fire failed = scene.until("unreadable", Fire::hasRetryTime);
        Object content = scene.store.value("SELECT content FROM caretaker.policy WHERE name = 'unreadable'");
        scene.store.execute("UPDATE caretaker.policy SET content = '{}' WHERE name = 'unreadable'");
        try {
            Fire given = scene.until("unreadable", fire -> !fire.hasRetryTime());
            assertThat(given.getReason()).as(given.getMessage()).isEqualTo("INTERNAL");
            assertThat(given.getOutcome()).isEqualTo(FIRE_OUTCOME_STARTED);
            assertThat(given.getRunId()).isEqualTo(failed.getRunId());
        } finally {
            scene.store.execute("UPDATE caretaker.policy SET content = '" + content + "' WHERE name = 'unreadable'");
        }
    }

    @Test
    void a_fire_that_had_a_run_stays_started_while_its_target_is_away() throws IOException {
        pinned("cut", "far");
        scene.apply(ScheduleScene.cleanup("cut", "far", "cut").setRetries(once(3)));
        scene.trigger("cut");
        Fire failed = scene.until("cut", Fire::hasRetryTime);
        scene.wire.cut();
        try {
            Fire away = scene.until("cut", fire -> fire.getReason().equals("TARGET_UNREACHABLE"));
            assertThat(away.getOutcome()).isEqualTo(FIRE_OUTCOME_STARTED);
            assertThat(away.hasRetryTime()).isTrue();
            assertThat(away.getRunId()).isEqualTo(failed.getRunId());
        } finally {
            scene.wire.mend();
        }
        Fire again = scene.until("cut", fire -> fire.getEarlierRunIdsCount() == 1);
        assertThat(again.getOutcome()).isEqualTo(FIRE_OUTCOME_STARTED);
        assertThat(again.getEarlierRunIdsList()).containsExactly(failed.getRunId());
    }

    @Test
    void a_schedule_pauses_itself_after_so_many_failures_in_a_row_and_success_begins_anew() {
        pinned("counted", "main");
        scene.apply(ScheduleScene.cleanup("counted", "main", "counted").setPauseAfterFailures(2));
        run("counted", RunOutcome.RUN_OUTCOME_FAILED, 1);
        scene.target.execute("DELETE FROM counted_pins");
        run("counted", RunOutcome.RUN_OUTCOME_COMPLETE, 0);
        pin("counted");
        run("counted", RunOutcome.RUN_OUTCOME_FAILED, 1);
        assertThat(schedule("counted").getStanding(0).hasPause())
                .as("two failures, but not in a row")
                .isFalse();
        run("counted", RunOutcome.RUN_OUTCOME_FAILED, 2);
        assertThat(schedule("counted").getStanding(0).getPause().getReason()).startsWith("2 runs in a row failed");
    }

    /** Has it run, and waits until so many failures in a row are noted. */
    private static void run(String schedule, RunOutcome outcome, int failures) {
        Fire fire = scene.trigger(schedule);
        assertThat(fire.getOutcome()).as(fire.getMessage()).isEqualTo(FIRE_OUTCOME_STARTED);
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> scene.run(fire.getRunId()).getState() == RunState.RUN_STATE_ENDED);
        assertThat(scene.run(fire.getRunId()).getOutcome()).isEqualTo(outcome);
        await("the end is noted")
                .atMost(30, TimeUnit.SECONDS)
                .until(() -> scene.fires(schedule).getFirst().getRunOutcome() == outcome
                        && scene.store.number("SELECT failures FROM caretaker.schedule_line WHERE schedule = '"
                                        + schedule + "'")
                                == failures);
    }

    private static Schedule schedule(String name) {
        return scene.server
                .schedules()
                .getSchedule(GetScheduleRequest.newBuilder().setName(name).build())
                .getSchedule();
    }

    @Test
    void a_scheduled_cleanup_over_a_limit_of_its_policy_is_refused_and_says_so() {
        scene.target.execute(
                "CREATE TABLE bounded (id serial PRIMARY KEY, ended timestamptz)",
                "INSERT INTO bounded (ended) SELECT now() - interval '30 days' FROM generate_series(1, 60)",
                "INSERT INTO bounded (ended) SELECT now() FROM generate_series(1, 40)",
                "ANALYZE bounded");
        Policy.Builder policy = ScheduleScene.policy("bounded", "main", "bounded");
        scene.apply(policy.setLimits(PolicyLimits.newBuilder().setMaxRows(10)));
        scene.apply(ScheduleScene.cleanup("bounded", "main", "bounded"));
        refused("max_rows");
        scene.apply(policy.setLimits(PolicyLimits.newBuilder().setMaxFraction(0.5)));
        refused("max_fraction");
        scene.apply(policy.setLimits(PolicyLimits.newBuilder().setMaxRows(60).setMaxFraction(0.7)));
        run("bounded", RunOutcome.RUN_OUTCOME_COMPLETE, 0);
        assertThat(scene.target.number("SELECT count(*) FROM bounded")).isEqualTo(40);
    }

    private static void refused(String limit) {
        Fire fire = scene.trigger("bounded");
        assertThat(fire.getOutcome()).isEqualTo(FIRE_OUTCOME_REFUSED);
        assertThat(fire.getReason()).isEqualTo("PLAN_OVER_LIMIT");
        assertThat(fire.getMessage()).contains("more than " + limit);
        assertThat(fire.getRunId()).isEmpty();
        assertThat(scene.target.number("SELECT count(*) FROM bounded")).isEqualTo(100);
    }

    @Test
    void of_policies_that_bound_nothing_it_is_warned_when_their_schedule_is_applied() {
        scene.target.execute("CREATE TABLE boundless (id serial PRIMARY KEY, ended timestamptz)");
        Policy.Builder policy = ScheduleScene.policy("boundless", "slow", "boundless");
        scene.apply(policy);
        scene.apply(ScheduleScene.policy("within", "slow", "boundless")
                .setLimits(PolicyLimits.newBuilder().setMaxRows(5)));
        Schedule.Builder cleanup = ScheduleScene.cleanup("warned", "slow", "boundless");
        assertThat(warnings(cleanup))
                .singleElement()
                .satisfies(warning ->
                        assertThat(warning).startsWith("Policy boundless has neither max_rows nor max_fraction"));
        assertThat(warnings(ScheduleScene.cleanup("warned", "slow", "within"))).isEmpty();
        assertThat(warnings(ScheduleScene.vacuum("warned", "slow")
                        .setWork(ScheduledWork.newBuilder().setRoutine("tidy"))))
                .as("a routine cleans up by all policies of its target")
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("boundless").doesNotContain("within,"));
        scene.apply(policy.setLimits(PolicyLimits.newBuilder().setMaxFraction(0.1)));
        assertThat(warnings(cleanup)).isEmpty();
    }

    @Test
    void while_policies_are_read_for_warnings_others_change_schedules() throws Exception {
        scene.target.execute("CREATE TABLE read_first (id serial PRIMARY KEY, ended timestamptz)");
        scene.apply(ScheduleScene.policy("read-first", "slow", "read_first"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection other = scene.store.connect();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("LOCK TABLE caretaker.policy IN ACCESS EXCLUSIVE MODE");
            Future<Schedule> slowly =
                    threads.submit(() -> scene.apply(ScheduleScene.cleanup("slowly", "slow", "read-first")));
            await("it reads policies")
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> scene.store.number(
                                    "SELECT count(*) FROM pg_locks WHERE NOT granted"
                                            + " AND relation = 'caretaker.policy'::regclass"
                                            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
                            > 0);
            Future<Schedule> meanwhile = threads.submit(() -> scene.apply(ScheduleScene.vacuum("meanwhile", "slow")));
            assertThat(meanwhile.get(4, TimeUnit.SECONDS).getName()).isEqualTo("meanwhile");
            other.rollback();
            assertThat(slowly.get(20, TimeUnit.SECONDS).getName()).isEqualTo("slowly");
        }
    }

    private static List<String> warnings(Schedule.Builder schedule) {
        return scene.server
                .schedules()
                .applySchedules(ApplySchedulesRequest.newBuilder()
                        .setRequestId(id())
                        .addSchedules(schedule)
                        .setValidateOnly(true)
                        .build())
                .getSchedules(0)
                .getWarningsList();
    }

    @Test
    void a_calendar_that_is_edited_counts_from_the_next_time_on() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        ExclusionCalendar.Builder calendar =
                ExclusionCalendar.newBuilder().setName("edited").setZone("UTC");
        scene.apply(
                ScheduleScene.ticking("edited").addCalendars("edited"),
                calendar.addYearly("%02d-%02d".formatted(today.getMonthValue(), today.getDayOfMonth()))
                        .addDates(today.plusDays(1).toString()) // the test may see midnight
                        .build());
        scene.until("edited", FIRE_OUTCOME_SKIPPED_CALENDAR);

        apply(calendar.clearYearly()
                .clearDates()
                .addDates(today.minusDays(1).toString())
                .build());
        Fire started = scene.until("edited", FIRE_OUTCOME_STARTED);

        apply(calendar.addDates(today.toString())
                .addDates(today.plusDays(1).toString())
                .build());
        scene.until(
                "edited",
                fire -> fire.getOutcome() == FIRE_OUTCOME_SKIPPED_CALENDAR
                        && fire.getNominalTime().getSeconds()
                                > started.getNominalTime().getSeconds());
    }

    private static void apply(ExclusionCalendar calendar) {
        scene.server
                .schedules()
                .applySchedules(ApplySchedulesRequest.newBuilder()
                        .setRequestId(id())
                        .addCalendars(calendar)
                        .build());
    }

    @Test
    void a_target_that_does_not_answer_holds_up_no_others_however_much_is_due_there() {
        ApplySchedulesRequest.Builder many = ApplySchedulesRequest.newBuilder().setRequestId(id());
        for (int i = 0; i < 100; i++) {
            many.addSchedules(ScheduleScene.vacuum("silent-" + i, "far"));
        }
        scene.server.schedules().applySchedules(many.build());
        scene.wire.hang();
        try {
            for (int i = 0; i < 100; i++) {
                scene.ask("silent-" + i, false);
            }
            scene.until("silent-0", fire -> fire.getReason().equals("TARGET_UNREACHABLE"));
            for (int i = 0; i < 3; i++) {
                scene.apply(ScheduleScene.vacuum("answers-" + i, "main"));
                assertThat(scene.trigger("answers-" + i).getOutcome()).isEqualTo(FIRE_OUTCOME_STARTED);
            }
            scene.until("silent-99", fire -> fire.getReason().equals("TARGET_UNREACHABLE"));
        } finally {
            scene.wire.cut();
            scene.wire.mend();
        }
        await().atMost(120, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(
                                scene.store.number(
                                        "SELECT count(*) FROM caretaker.fire WHERE schedule LIKE 'silent-%' AND outcome = 'STARTED'"))
                        .isEqualTo(100));
    }
}
