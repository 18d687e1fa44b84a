package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.v1.DeleteScheduleRequest;
import dev.caretaker.v1.Delivery;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.NotificationSeverity;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What happens is told to whom the rules name, and so is that it is over. */
class NotificationsThroughTheApiTest extends DeliveriesThroughTheApiSuite {
    @Test
    void a_run_that_failed_and_an_expectation_that_broke_are_told_without_rows_and_so_is_their_end() {
        scene.target.execute(
                "CREATE TABLE guarded (id serial PRIMARY KEY, ended timestamptz)",
                "CREATE TABLE guards (guarded int PRIMARY KEY REFERENCES guarded)",
                "INSERT INTO guarded (id, ended) VALUES (987654, now() - interval '30 days')",
                "INSERT INTO guards SELECT id FROM guarded");
        scene.apply(ScheduleScene.policy("guarded", "main", "guarded"));
        scene.apply(ScheduleScene.cleanup("ill", "main", "guarded").setExpectSuccessWithin(seconds(60)));
        scene.trigger("ill");
        Delivery failed = until("a failure", about("ill", "run.failed", "ops"));
        assertThat(failed.getSummary()).isEqualTo("Cleanup of schedule ill at main failed: PINNED_BY_FOREIGN_KEY.");
        assertThat(told(failed.getNotificationId()).getFirst().text()).doesNotContain("987654");
        scene.store.execute(
                "UPDATE caretaker.schedule_line SET created = now() - interval '1 hour' WHERE schedule = 'ill'");
        until("a broken expectation", about("ill", "expectation.broken", "ops"));
        String again = scene.trigger("ill").getRunId();
        await().atMost(30, TimeUnit.SECONDS).until(() -> scene.run(again).getState() == RunState.RUN_STATE_ENDED);
        ended(test("book")); // what was written before it has been asked about by then
        assertThat(deliveries(delivery -> delivery.getTopic().equals("schedules/ill/main")
                        && delivery.getEvent().equals("run.failed")
                        && delivery.getChannel().equals("ops")))
                .as("it is not told twice within the hour")
                .hasSize(1);

        // A run that was done in part in between hides nothing of the failure before it.
        scene.store.execute(
                "INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary,"
                        + " data, occurred, routed) VALUES (gen_random_uuid(), 'run.partial', 'WARNING', 'main',"
                        + " 'schedules/ill/main', 'In part.', '{}', clock_timestamp(), clock_timestamp())");
        scene.target.execute("DELETE FROM guards");
        scene.trigger("ill");
        Delivery recovered = until("a recovery", about("ill", "run.recovered", "ops"));
        assertThat(recovered.getSummary()).contains("ended well again");
        assertThat(recovered.getSeverity()).isEqualTo(failed.getSeverity());
        until("an expectation that is met", about("ill", "expectation.met", "ops"));
        assertThat(deliveries(about("ill", "expectation.broken", "ops"))).hasSize(1);
        assertThat(deliveries(about("ill", "schedule.succeeded", "ops"))).isEmpty();
    }

    @Test
    void a_run_that_was_done_in_part_is_told_with_its_outcome_and_so_is_the_next_that_is_complete() {
        scene.target.execute(
                "CREATE TABLE held (id serial PRIMARY KEY, ended timestamptz)",
                "CREATE TABLE holders (held int PRIMARY KEY REFERENCES held)",
                "INSERT INTO held (ended) SELECT now() - interval '30 days' FROM generate_series(1, 3)",
                "INSERT INTO holders VALUES (1)",
                "CREATE TABLE many (id int PRIMARY KEY, ended timestamptz)",
                "CREATE INDEX ON many (ended)",
                "INSERT INTO many SELECT i, now() - interval '30 days' FROM generate_series(1, 5000) i",
                "ANALYZE");
        scene.apply(ScheduleScene.policy("held", "main", "held").setSkipPinned(true));
        scene.apply(ScheduleScene.cleanup("held", "main", "held"));
        scene.trigger("held");
        assertThat(until("pinned rows", about("held", "run.partial", "ops")).getSummary())
                .isEqualTo("Cleanup of schedule held at main is done in part: PINNED.");
        scene.target.execute("DELETE FROM holders");
        scene.trigger("held");
        until("a complete run", about("held", "run.recovered", "ops"));

        scene.apply(ScheduleScene.policy("many", "slow", "many"));
        scene.apply(ScheduleScene.cleanup("many", "slow", "many").setDeadline(seconds(2)));
        scene.trigger("many");
        Delivery late = until("a deadline", about("many", "run.partial", "ops"));
        assertThat(late.getSummary()).isEqualTo("Cleanup of schedule many at slow is done in part: DEADLINE.");
        assertThat(late.getSeverity()).isEqualTo(NotificationSeverity.NOTIFICATION_SEVERITY_WARNING);
    }

    @Test
    void a_run_that_left_rows_which_came_and_moved_faster_than_they_went_is_told_so() {
        scene.target.execute(
                "CREATE TABLE coming (id serial PRIMARY KEY, ended timestamptz)",
                "CREATE INDEX ON coming (ended)",
                "INSERT INTO coming (ended) SELECT now() - i * interval '1 hour' FROM generate_series(721, 780) i",
                "ANALYZE coming",
                // For each row that goes another one comes that is as old, and all of them move.
                "CREATE FUNCTION come() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.02);"
                        + " INSERT INTO coming (ended) VALUES (OLD.ended - interval ''1 day'');"
                        + " UPDATE coming SET ended = ended - interval ''1 second''; RETURN NULL; END'",
                "CREATE TRIGGER come AFTER DELETE ON coming FOR EACH ROW EXECUTE FUNCTION come()");
        scene.apply(ScheduleScene.policy("coming", "main", "coming"));
        scene.apply(ScheduleScene.cleanup("coming", "main", "coming"));
        Run left = ended(scene.trigger("coming"));
        assertThat(left.getOutcome()).as(left.toString()).isEqualTo(RunOutcome.RUN_OUTCOME_RESIDUAL);
        assertThat(left.getTotals().getRowsResidual())
                .isEqualTo(scene.target.number("SELECT count(*) FROM coming"))
                .isEqualTo(60);
        Delivery partial = until("rows that are left", about("coming", "run.partial", "ops"));
        assertThat(partial.getSummary()).isEqualTo("Cleanup of schedule coming at main is done in part: RESIDUAL.");
        assertThat(told(partial.getNotificationId()).getFirst().text()).contains(left.getRunId(), "\"RESIDUAL\"");

        scene.target.execute("DROP TRIGGER come ON coming");
        assertThat(ended(scene.trigger("coming")).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        until("a complete run", about("coming", "run.recovered", "ops"));
    }

    /** The run of a fire, when it has ended. */
    private static Run ended(Fire fire) {
        return await().atMost(60, TimeUnit.SECONDS)
                .until(() -> scene.run(fire.getRunId()), run -> run.getState() == RunState.RUN_STATE_ENDED);
    }

    @Test
    void whoever_was_told_of_a_broken_expectation_is_told_when_its_schedule_is_deleted() {
        scene.apply(ScheduleScene.vacuum("given-up", "main").setExpectSuccessWithin(seconds(60)));
        scene.store.execute(
                "UPDATE caretaker.schedule_line SET created = now() - interval '1 hour' WHERE schedule = 'given-up'");
        until("a broken expectation", about("given-up", "expectation.broken", "ops"));

        scene.server
                .schedules()
                .deleteSchedule(DeleteScheduleRequest.newBuilder()
                        .setRequestId(ScheduleScene.id())
                        .setName("given-up")
                        .build());

        Delivery over = until("the end of it", about("given-up", "expectation.met", "ops"));
        assertThat(over.getSummary()).isEqualTo("Success of schedule given-up at main is no longer expected.");
    }

    @Test
    void a_fire_that_is_refused_is_told() {
        scene.target.execute("CREATE TABLE nothing (id int PRIMARY KEY, ended timestamptz)");
        scene.apply(ScheduleScene.policy("lost", "main", "nothing"));
        scene.target.execute("DROP TABLE nothing");
        scene.apply(ScheduleScene.cleanup("refused", "main", "lost"));
        scene.trigger("refused");
        assertThat(until("a refusal", about("refused", "fire.refused", "ops")).getSummary())
                .startsWith("Schedule refused at main could not start");
        scene.target.execute("CREATE TABLE nothing (id int PRIMARY KEY, ended timestamptz)");
        scene.trigger("refused");
        assertThat(until("its end", about("refused", "run.recovered", "ops")).getSummary())
                .isEqualTo("Cleanup of schedule refused at main ended well again.");
    }

    @Test
    void a_plan_that_removes_far_more_than_usual_is_told_as_long_as_it_waits_for_a_person() {
        scene.target.execute("CREATE TABLE surging (id serial PRIMARY KEY, ended timestamptz)");
        scene.apply(ScheduleScene.policy("surging", "main", "surging"));
        scene.apply(ScheduleScene.cleanup("surging", "main", "surging"));
        for (int i = 0; i < 3; i++) {
            surge(10);
            assertThat(ended(scene.trigger("surging")).getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_COMPLETE);
        }
        surge(2_000);
        Fire refused = scene.trigger("surging");
        assertThat(refused.getReason()).as(refused.getMessage()).isEqualTo("UNUSUAL_VOLUME");
        assertThat(until("a plan that waits", ofPlan(refused, "plan.waiting")).getSummary())
                .startsWith(
                        "A plan of schedule surging at main removes far more than usual: it waits for a person until");
        assertThat(deliveries(ofPlan(refused, "plan.settled"))).isEmpty();
        assertThat(deliveries(about("surging", "fire.refused", "ops")))
                .as("that it waits is enough")
                .isEmpty();
        scene.server
                .maintenance()
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(ScheduleScene.id())
                        .setPlanId(refused.getPlanId())
                        .build())
                .forEachRemaining(event -> {});
        until("its end", ofPlan(refused, "plan.settled"));
    }

    private static void surge(int rows) {
        scene.target.execute(
                "INSERT INTO surging (ended) SELECT now() - interval '30 days' FROM generate_series(1, " + rows + ")",
                "ANALYZE surging");
    }

    private static Predicate<Delivery> ofPlan(Fire fire, String event) {
        return delivery -> delivery.getTopic().equals("plans/" + fire.getPlanId())
                && delivery.getEvent().equals(event)
                && delivery.getChannel().equals("ops")
                && delivery.hasEndTime();
    }

    @Test
    void fires_that_were_missed_are_told_of_together() {
        scene.apply(ScheduleScene.vacuum("late", "main").setEvery(seconds(600)).setCatchUp(seconds(0)));
        scene.store.execute("UPDATE caretaker.schedule_line SET settled = now() - interval '1 day', due = now()"
                + " WHERE schedule = 'late'");
        Delivery missed = until("missed fires", about("late", "fire.missed", "ops"));
        assertThat(missed.getSummary()).containsPattern("was missed 14[0-9] times from");
        assertThat(deliveries(about("late", "fire.missed", "ops"))).hasSize(1);
    }
}
