package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static dev.caretaker.server.api.ScheduleScene.seconds;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_CAUGHT_UP;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_MISSED;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_REFUSED;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_SKIPPED_OVERLAP;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_STARTED;
import static dev.caretaker.v1.FireOutcome.FIRE_OUTCOME_WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.v1.CancelRunRequest;
import dev.caretaker.v1.DeleteScheduleRequest;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireRetries;
import dev.caretaker.v1.ForecastFire;
import dev.caretaker.v1.GetScheduleRequest;
import dev.caretaker.v1.OverlapRule;
import dev.caretaker.v1.PreviewScheduleRequest;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.Schedule;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of a time at which a schedule is due when something is in the way, through the whole server. */
abstract class FiresThroughTheApiSuite {
    static ScheduleScene scene;

    @BeforeAll
    static void start() {
        scene = new ScheduleScene(Map.of(
                "caretaker.routines.mine.parts", List.of("vacuum", "statistics"),
                "caretaker.routines.guarded.parts", List.of("cleanup", "detect")));
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
    }

    @Test
    void while_its_run_goes_it_skips_or_one_waits_for_its_end() {
        scene.target.execute(
                "CREATE TABLE long (id int PRIMARY KEY, ended timestamptz)",
                "INSERT INTO long SELECT i, now() - interval '30 days' FROM generate_series(1, 200000) i");
        scene.apply(ScheduleScene.policy("long", "slow", "long"));
        scene.apply(ScheduleScene.cleanup("overlapping", "slow", "long").setEvery(seconds(2)));
        Fire started = scene.until("overlapping", FIRE_OUTCOME_STARTED);
        assertThat(scene.until("overlapping", FIRE_OUTCOME_SKIPPED_OVERLAP).getMessage())
                .contains(started.getRunId());
        assertThat(preview("overlapping").getFirst().getDoubtsList())
                .first()
                .satisfies(doubt -> assertThat(doubt).contains(started.getRunId(), "It is skipped if"));

        scene.apply(ScheduleScene.cleanup("overlapping", "slow", "long")
                .setEvery(seconds(2))
                .setOverlap(OverlapRule.OVERLAP_RULE_QUEUE_ONE));
        Fire waiting = scene.until("overlapping", FIRE_OUTCOME_WAITING);
        assertThat(waiting.getReason()).isEqualTo("RUN_GOES_ON");
        scene.until(
                "overlapping",
                fire -> fire.getOutcome() == FIRE_OUTCOME_SKIPPED_OVERLAP
                        && fire.getNominalTime().getSeconds()
                                > waiting.getNominalTime().getSeconds());
        cancel(started.getRunId());
        Fire next = scene.until(
                "overlapping",
                fire -> fire.getNominalTime().equals(waiting.getNominalTime())
                        && fire.getOutcome() == FIRE_OUTCOME_STARTED);
        assertThat(next.getRunId()).isNotEqualTo(started.getRunId());

        delete("overlapping", "");
        assertThat(scene.run(next.getRunId()).getState())
                .as("what it started goes on")
                .isNotEqualTo(RunState.RUN_STATE_ENDED);
        cancel(next.getRunId());
        assertThat(scene.fires("overlapping"))
                .as("nothing waits for ever")
                .noneMatch(fire -> fire.getOutcome() == FIRE_OUTCOME_WAITING)
                .anyMatch(fire -> fire.getReason().equals("SCHEDULE_NOT_FOUND")
                        || fire.getOutcome() == FIRE_OUTCOME_SKIPPED_OVERLAP);
    }

    static void cancel(String run) {
        scene.server
                .runs()
                .cancelRun(CancelRunRequest.newBuilder()
                        .setRequestId(id())
                        .setRunId(run)
                        .build());
    }

    @Test
    void of_times_at_which_no_server_was_there_one_is_caught_up_and_the_others_are_missed() {
        scene.apply(ScheduleScene.vacuum("hourly", "main").setEvery(seconds(3_600)));
        absent("hourly", "5 hours");
        Fire caughtUp = scene.until("hourly", fire -> !fire.getRunId().isEmpty());
        assertThat(caughtUp.getOutcome()).isIn(FIRE_OUTCOME_CAUGHT_UP, FIRE_OUTCOME_STARTED);
        assertThat(scene.fires("hourly"))
                .hasSize(5)
                .filteredOn(fire -> fire.getRunId().isEmpty())
                .hasSize(4)
                .allSatisfy(fire -> {
                    assertThat(fire.getOutcome()).isEqualTo(FIRE_OUTCOME_MISSED);
                    assertThat(fire.getMessage()).startsWith("No server was there at the time.");
                });

        scene.apply(ScheduleScene.vacuum("punctual", "main")
                .setEvery(seconds(7_200))
                .setCatchUp(seconds(0)));
        absent("punctual", "20 hours");
        await().atMost(20, TimeUnit.SECONDS).until(() -> scene.fires("punctual").size() == 10);
        assertThat(scene.fires("punctual").subList(1, 10)).allMatch(fire -> fire.getOutcome() == FIRE_OUTCOME_MISSED);

        scene.apply(ScheduleScene.vacuum("minutely", "main").setEvery(seconds(60)));
        absent("minutely", "50 hours");
        Fire missed = scene.until("minutely", FIRE_OUTCOME_MISSED);
        assertThat(missed.getTimes()).as("one row for more than a hundred").isBetween(2_990L, 3_000L);
        assertThat(missed.getLastNominalTime().getSeconds()
                        - missed.getNominalTime().getSeconds())
                .isEqualTo((missed.getTimes() - 1) * 60);
        List.of("hourly", "punctual", "minutely").forEach(name -> delete(name, ""));
    }

    /** As if no server had looked at it for that long. */
    static void absent(String schedule, String span) {
        scene.store.execute("UPDATE caretaker.schedule_line SET settled = now() - interval '" + span + "', due = now()"
                + " WHERE schedule = '" + schedule + "'");
    }

    @Test
    void an_unreachable_target_is_tried_again_as_long_as_it_may_be_caught_up() {
        scene.apply(ScheduleScene.vacuum("far-away", "far"));
        scene.wire.cut();
        try {
            scene.ask("far-away", false);
            Fire waiting = scene.until("far-away", fire -> fire.getReason().equals("TARGET_UNREACHABLE"));
            assertThat(waiting.getOutcome()).isEqualTo(FIRE_OUTCOME_WAITING);
            assertThat(waiting.hasRetryTime()).isTrue();

            scene.apply(ScheduleScene.vacuum("too-late", "far").setCatchUp(seconds(0)));
            Fire refused = scene.trigger("too-late");
            assertThat(refused.getOutcome()).isEqualTo(FIRE_OUTCOME_REFUSED);
            assertThat(refused.getReason()).isEqualTo("TARGET_UNREACHABLE");
        } finally {
            scene.wire.mend();
        }
        scene.until("far-away", FIRE_OUTCOME_STARTED);
    }

    @Test
    void a_cleanup_far_larger_than_usual_waits_for_a_person() {
        scene.target.execute("CREATE TABLE usual (id serial PRIMARY KEY, ended timestamptz)");
        scene.apply(ScheduleScene.policy("usual", "far", "usual"));
        scene.apply(ScheduleScene.cleanup("volume", "far", "usual"));
        for (int i = 0; i < 3; i++) {
            fill("usual", 100);
            Fire fire = scene.trigger("volume");
            assertThat(fire.getOutcome()).as(fire.getMessage()).isEqualTo(FIRE_OUTCOME_STARTED);
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> scene.run(fire.getRunId()).getOutcome() == RunOutcome.RUN_OUTCOME_COMPLETE);
        }
        assertThat(preview("volume")).allMatch(fire -> fire.getOutcome() == FIRE_OUTCOME_STARTED);
        fill("usual", 5_000);
        assertThat(preview("volume")).hasSize(10).allSatisfy(fire -> {
            assertThat(fire.getOutcome()).isEqualTo(FIRE_OUTCOME_REFUSED);
            assertThat(fire.getMessage()).contains("would wait for a person").contains("usually removes 100");
        });
        Fire refused = scene.trigger("volume");
        assertThat(refused.getOutcome()).isEqualTo(FIRE_OUTCOME_REFUSED);
        assertThat(refused.getReason()).isEqualTo("UNUSUAL_VOLUME");
        assertThat(refused.getMessage()).contains("usually removes 100").contains(refused.getPlanId());
        assertThat(scene.target.number("SELECT count(*) FROM usual")).isEqualTo(5_000);

        scene.server
                .maintenance()
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(id())
                        .setPlanId(refused.getPlanId())
                        .build())
                .forEachRemaining(event -> {});
        assertThat(scene.target.number("SELECT count(*) FROM usual")).isZero();
    }

    static void fill(String table, int rows) {
        scene.target.execute(
                "INSERT INTO " + table + " (ended) SELECT now() - interval '30 days' FROM generate_series(1, " + rows
                        + ")",
                "ANALYZE " + table);
    }

    @Test
    void a_failed_run_is_followed_by_others_and_too_many_failures_pause_the_schedule() {
        scene.target.execute(
                "CREATE TABLE pinned (id serial PRIMARY KEY, ended timestamptz)",
                "CREATE TABLE pins (pinned int PRIMARY KEY REFERENCES pinned)",
                "INSERT INTO pinned (ended) VALUES (now() - interval '30 days')",
                "INSERT INTO pins SELECT id FROM pinned");
        scene.apply(ScheduleScene.policy("pinned", "far", "pinned"));
        scene.apply(ScheduleScene.cleanup("failing", "far", "pinned")
                .setRetries(FireRetries.newBuilder().setTimes(1).setDelay(seconds(1)))
                .setPauseAfterFailures(1)
                .setExpectSuccessWithin(seconds(60)));
        scene.trigger("failing");
        Fire failed = scene.until(
                "failing",
                fire -> fire.getEarlierRunIdsCount() == 1 && fire.getRunOutcome() == RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(failed.getOutcome()).isEqualTo(FIRE_OUTCOME_STARTED);
        assertThat(failed.getReason())
                .as("told with the outcome, and not only when its end is noted")
                .isEqualTo("PINNED_BY_FOREIGN_KEY");
        assertThat(failed.getMessage()).startsWith("Run " + failed.getRunId() + " failed: ");
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> get("failing").getStanding(0).hasPause());
        assertThat(get("failing").getStanding(0).getPause().getReason()).startsWith("1 runs in a row failed");

        scene.store.execute("UPDATE caretaker.schedule_line SET created = now() - interval '1 hour'"
                + " WHERE schedule = 'failing'");
        List<Finding> findings = scene.server
                .maintenance()
                .detectIssues(DetectIssuesRequest.newBuilder()
                        .setTarget("far")
                        .addChecks("schedule-overdue")
                        .build())
                .getFindingsList();
        assertThat(findings)
                .singleElement()
                .satisfies(finding -> assertThat(finding.getMessage()).contains("success is expected within"));
    }

    static Schedule get(String name) {
        return scene.server
                .schedules()
                .getSchedule(GetScheduleRequest.newBuilder().setName(name).build())
                .getSchedule();
    }

    static void delete(String name, String etag) {
        scene.server
                .schedules()
                .deleteSchedule(DeleteScheduleRequest.newBuilder()
                        .setRequestId(id())
                        .setName(name)
                        .setEtag(etag)
                        .build());
    }

    static List<ForecastFire> preview(String name) {
        return scene.server
                .schedules()
                .previewSchedule(
                        PreviewScheduleRequest.newBuilder().setName(name).build())
                .getFiresList();
    }
}
