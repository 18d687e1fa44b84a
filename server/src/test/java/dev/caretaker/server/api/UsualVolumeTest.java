package dev.caretaker.server.api;

import static dev.caretaker.server.api.ScheduleScene.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.config.RetentionConfig.Kept;
import dev.caretaker.server.store.retention.Forgetting;
import dev.caretaker.v1.DeletePolicyRequest;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ForecastFire;
import dev.caretaker.v1.PreviewScheduleRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a policy usually removes: a cleanup by schedule that would remove more than three times as much waits for a person. */
class UsualVolumeTest {
    private static ScheduleScene scene;

    @BeforeAll
    static void start() {
        scene = new ScheduleScene(Map.of());
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
    }

    /** A table with so many old rows, a policy for them and a schedule of it, all of that name. */
    private static void table(String name, int rows) {
        scene.target.execute("CREATE TABLE " + name + " (id serial PRIMARY KEY, ended timestamptz)");
        add(name, rows);
        scene.apply(ScheduleScene.policy(name, "main", name));
        scene.apply(ScheduleScene.cleanup(name, "main", name));
    }

    private static void add(String table, int rows) {
        scene.target.execute(
                "INSERT INTO " + table + " (ended) SELECT now() - interval '30 days' FROM generate_series(1, " + rows
                        + ")",
                "ANALYZE " + table);
    }

    /** Cleanups by a policy that ended so long ago, a minute apart. */
    private static void cleanups(String policy, int times, int daysAgo, String outcome, int rows) {
        scene.store.execute(
                "WITH done AS (INSERT INTO caretaker.run (run_id, kind, target, state, state_since, desired, outcome, created_by,"
                        + " created, started, ended, row_limits, tuning) SELECT gen_random_uuid(), 'CLEANUP', 'main', 'ENDED', t,"
                        + " 'RUNNING', '" + outcome
                        + "', '{\"name\": \"anna\", \"verified\": true}', t, t, t, '{}', '{}'"
                        + " FROM generate_series(1, " + times + ") i, LATERAL (SELECT now() - interval '" + daysAgo
                        + " days' - i * interval '1 minute' AS t) AS at RETURNING run_id)"
                        + " INSERT INTO caretaker.run_step (run_id, ordinal, kind, schema_name, table_name, total_schema,"
                        + " total_table, policy, rows_expected, parameters, outcome, totals) SELECT run_id, 1, 'block-range',"
                        + " 'public', '" + policy + "', 'public', '" + policy + "', '" + policy + "', 1, '{}', '"
                        + outcome
                        + "', '{\"rowsDeleted\": " + rows + ", \"rowsExact\": true}' FROM done");
    }

    private static ForecastFire outlook(String schedule) {
        List<ForecastFire> fires = scene.server
                .schedules()
                .previewSchedule(PreviewScheduleRequest.newBuilder()
                        .setName(schedule)
                        .setTimes(1)
                        .build())
                .getFiresList();
        assertThat(fires).hasSize(1);
        return fires.getFirst();
    }

    private static void waits(String schedule, String usually) {
        assertThat(outlook(schedule)).satisfies(fire -> {
            assertThat(fire.getOutcome()).as(fire.getMessage()).isEqualTo(FireOutcome.FIRE_OUTCOME_REFUSED);
            assertThat(fire.getMessage()).contains("would wait for a person", usually);
        });
    }

    private static void goes(String schedule) {
        assertThat(outlook(schedule))
                .satisfies(fire -> assertThat(fire.getOutcome())
                        .as(fire.getMessage())
                        .isEqualTo(FireOutcome.FIRE_OUTCOME_STARTED));
    }

    @Test
    void it_is_the_median_of_the_last_ten_cleanups_that_were_not_broken_off() {
        table("median", 3_200);
        for (String broken : List.of("FAILED", "CANCELLED", "DEADLINE")) {
            cleanups("median", 11, 1, broken, 1_000_000);
        }
        cleanups("median", 8, 2, "COMPLETE", 1_000);
        cleanups("median", 1, 3, "PINNED", 900);
        cleanups("median", 1, 4, "RESIDUAL", 1_000_000);
        cleanups("median", 20, 5, "COMPLETE", 1_000_000);
        waits("median", "usually removes 1,000 (median of the last 10 cleanups)");
        scene.target.execute("DELETE FROM median WHERE id <= 300", "ANALYZE median");
        goes("median");
    }

    @Test
    void two_cleanups_are_no_usual_and_a_thousand_rows_never_too_many() {
        table("young", 3_000);
        cleanups("young", 2, 1, "COMPLETE", 10);
        goes("young");
        cleanups("young", 1, 1, "COMPLETE", 10);
        waits("young", "median of the last 3 cleanups");

        table("small", 950);
        cleanups("small", 3, 1, "COMPLETE", 10);
        goes("small");
        add("small", 150);
        waits("small", "usually removes 10 ");
    }

    @Test
    void it_outlives_the_runs_it_is_known_by_but_not_the_policy() {
        table("seldom", 3_200);
        cleanups("seldom", 12, 100, "COMPLETE", 1_000);
        cleanups("seldom", 13, 300, "COMPLETE", 1_000_000);
        forget();
        assertThat(runs()).isZero();
        waits("seldom", "usually removes 1,000 (median of the last 10 cleanups)");

        cleanups("seldom", 6, 1, "COMPLETE", 2_000);
        goes("seldom");
        cleanups("seldom", 1, 99, "COMPLETE", 1_000);
        forget();
        assertThat(runs()).as("those that are young").isEqualTo(6);
        assertThat(remembered()).as("of the others no more than are needed").isBetween(10L, 11L);

        scene.server
                .policies()
                .deletePolicy(DeletePolicyRequest.newBuilder()
                        .setRequestId(id())
                        .setTarget("main")
                        .setName("seldom")
                        .build());
        assertThat(remembered()).isZero();
    }

    private static void forget() {
        scene.server.bean(Forgetting.class).forget(Kept.RUNS);
    }

    private static long runs() {
        return scene.store.number("SELECT count(*) FROM caretaker.run_step WHERE policy = 'seldom'");
    }

    private static long remembered() {
        return scene.store.number("SELECT count(*) FROM caretaker.past_cleanup WHERE policy = 'seldom'");
    }
}
