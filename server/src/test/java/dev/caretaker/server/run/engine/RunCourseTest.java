package dev.caretaker.server.run.engine;

import static dev.caretaker.server.run.engine.TestEngine.slowDelete;
import static dev.caretaker.server.run.engine.TestEngine.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.store.RunListStore;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The course of runs with more events than are read for it. */
class RunCourseTest {
    private static final int POINTS = 50;
    private final Database control = TestPostgres.controlStore();
    private final Database target = TestPostgres.newest().database();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 9})
    void whatever_the_rhythm_of_what_else_happens_all_of_it_is_in_the_course(int phase) {
        try (TestEngine engine = TestEngine.start(control, target)) {
            UUID run = paused(engine);
            events(
                    run,
                    100_000,
                    "i % 10 <> " + phase + " OR i = 100000",
                    "'step', 1, 'rowsDone', i, 'bytesDone', i * 10, 'runRowsDone', i");

            List<RunListStore.Course> course = engine.bean(RunListStore.class).course(run, POINTS);

            assertThat(course).hasSize(POINTS);
            assertThat(course.stream().map(RunListStore.Course::rowsDone).toList())
                    .isSorted();
            assertThat(course.getFirst().rowsDone()).isBetween(1_900L, 2_100L);
            assertThat(course.getLast().rowsDone()).isEqualTo(100_000);
            assertThat(course.getLast().bytesDone()).isEqualTo(1_000_000);
        }
    }

    @Test
    void steps_that_were_over_before_much_could_be_told_of_them_count_with_all_that_they_did() {
        try (TestEngine engine = TestEngine.start(control, target)) {
            UUID run = paused(engine);
            events(
                    run,
                    60_000,
                    "true",
                    "'step', (i + 2) / 3, 'rowsDone', ((i - 1) % 3 + 1) * 33, 'bytesDone', ((i - 1) % 3 + 1) * 330,"
                            + " 'runRowsDone', (i - 1) / 3 * 100 + ((i - 1) % 3 + 1) * 33");
            control.execute("INSERT INTO caretaker.run_step SELECT (jsonb_populate_record(s, jsonb_build_object("
                    + "'ordinal', i, 'outcome', 'COMPLETE', 'ended', now() - (60000 - i * 3) * interval '1 second',"
                    + " 'totals', s.totals || '{\"rowsDeleted\": 100, \"bytesDeleted\": 1000}'))).*"
                    + " FROM caretaker.run_step s, generate_series(2, 20000) i WHERE s.run_id = '" + run + "'");

            List<RunListStore.Course> course = engine.bean(RunListStore.class).course(run, POINTS);

            assertThat(course.stream().map(RunListStore.Course::bytesDone).toList())
                    .isSorted();
            assertThat(course.getLast().bytesDone()).isBetween(19_999_000L, 20_000_000L);
            assertThat(course.get(POINTS / 2 - 1).bytesDone()).isBetween(9_500_000L, 10_500_000L);
            assertThat(course.get(POINTS / 2 - 1).rowsDone()).isBetween(950_000L, 1_050_000L);
        }
    }

    private UUID paused(TestEngine engine) {
        table(target, "charted", 100);
        UUID run = engine.start(slowDelete(target, "charted", 1, 100));
        engine.awaitState(run, RunState.RUNNING); // else whoever takes it up finds it paused, and tells of that later
        engine.runs().pause(run, TestEngine.ALICE, "");
        engine.awaitState(run, RunState.PAUSED);
        return run;
    }

    /** In place of what it has told: an event a second. */
    private void events(UUID run, int number, String progress, String body) {
        control.execute(
                "DELETE FROM caretaker.run_event WHERE run_id = '" + run + "'",
                "INSERT INTO caretaker.run_event (run_id, sequence, at, progress, body) SELECT '" + run
                        + "', i, now() - (" + number + " - i) * interval '1 second', " + progress
                        + ", CASE WHEN " + progress + " THEN jsonb_build_object('type', 'progress', 'batchDuration',"
                        + " 'PT0.02S', " + body + ") ELSE '{\"type\": \"warning\"}' END FROM generate_series(1, "
                        + number
                        + ") i",
                "UPDATE caretaker.run SET last_sequence = " + number + " WHERE run_id = '" + run + "'",
                "ANALYZE caretaker.run_event");
    }
}
