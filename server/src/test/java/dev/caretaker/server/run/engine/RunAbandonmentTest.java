package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs.RunFilter;
import dev.caretaker.server.run.Runs.RunPage;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that fail before any step of theirs can be worked on. */
class RunAbandonmentTest {
    private final Database target = TestPostgres.newest().database();
    private final Database control = TestPostgres.controlStore();

    private TestEngine start() {
        return TestEngine.start(control.url(), target.url(), Map.of("caretaker.engine.retries", "3"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run | run_window | [1]",
                "run | row_limits | [1]",
                "run_step | totals | [1]",
                "run_step | pending | [1]"
            })
    void a_run_that_cannot_be_read_ends_failed_with_a_reason_and_stands_in_no_ones_way(
            String table, String column, String unreadable) {
        TestEngine.table(target, "spoilt", 100);
        TestEngine.table(target, "sound", 100);
        try (TestEngine engine = start()) {
            control.execute("CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW." + column
                    + " = '" + unreadable + "'; RETURN NEW; END $$");
            control.execute("CREATE TRIGGER spoil BEFORE INSERT ON caretaker." + table
                    + " FOR EACH ROW EXECUTE FUNCTION spoil()");
            UUID runId = engine.start(TestEngine.delete(target, "spoilt"));
            control.execute("DROP FUNCTION spoil() CASCADE");
            UUID next = engine.start(TestEngine.delete(target, "sound"));

            TestEngine.assertComplete(engine.awaitEnd(next), 90);
            String run = " FROM caretaker.run WHERE run_id = '" + runId + "'";
            await().atMost(TestEngine.PATIENCE).until(() -> "ENDED".equals(control.value("SELECT state" + run)));
            assertThat(control.value("SELECT outcome" + run)).isEqualTo("FAILED");
            assertThat((String) control.value("SELECT state_reason" + run)).contains("cannot read as");
            assertThat(control.value("SELECT error ->> 'reason'" + run)).isEqualTo("INTERNAL");
            assertThat(control.number("SELECT count(*) FROM caretaker.run_step WHERE run_id = '" + runId
                            + "' AND outcome = 'FAILED' AND ended IS NOT NULL"))
                    .isEqualTo(1);
            await().until(() -> control.number(
                            "SELECT count(*) FROM caretaker.scheduled_task WHERE task_instance = '" + runId + "'")
                    == 0);
            assertThat(control.value("SELECT body ->> 'type' FROM caretaker.run_event WHERE run_id = '" + runId
                            + "' ORDER BY sequence DESC LIMIT 1"))
                    .isEqualTo("finished");
            assertThat(engine.runs().get(runId).outcome()).contains(Outcome.FAILED);
            assertThat(engine.runs().get(runId).error().orElseThrow().message()).contains("cannot read as");
            RunFilter all =
                    new RunFilter(Optional.empty(), Set.of(), Optional.empty(), Optional.empty(), 0, Optional.empty());
            assertThat(engine.runs().list(all).runs()).extracting(RunView::id).containsExactly(next, runId);
        }
        assertThat(TestEngine.old(target, "spoilt")).isEqualTo(90);
    }

    @Test
    void a_run_that_cannot_even_be_shown_hides_no_other_in_a_list() {
        TestEngine.table(target, "listed", 100);
        try (TestEngine engine = start()) {
            List<UUID> runs = Stream.generate(() -> engine.start(TestEngine.delete(target, "listed")))
                    .limit(3)
                    .toList();
            runs.forEach(engine::awaitEnd);
            control.execute("UPDATE caretaker.run SET kind = 'FROM_THE_FUTURE' WHERE run_id = '" + runs.get(1) + "'");

            List<UUID> listed = new ArrayList<>();
            Optional<String> page = Optional.empty();
            do {
                RunPage next = engine.runs()
                        .list(new RunFilter(Optional.empty(), Set.of(), Optional.empty(), Optional.empty(), 1, page));
                next.runs().forEach(run -> listed.add(run.id()));
                page = next.nextPageToken();
            } while (page.isPresent());
            assertThat(listed).containsExactly(runs.get(2), runs.get(0));
        }
    }

    @Test
    void a_fault_of_the_control_store_that_passes_is_outlived() {
        TestEngine.table(target, "patient", 100);
        try (TestEngine engine = start()) {
            // Three claims fail, as after a deadlock; a sequence is not rolled back.
            control.execute(
                    "CREATE SEQUENCE claims",
                    "CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                            + " IF nextval('public.claims') <= 3 THEN RAISE EXCEPTION 'deadlock detected'"
                            + " USING ERRCODE = 'deadlock_detected'; END IF; RETURN NEW; END $$",
                    "CREATE TRIGGER stumble BEFORE UPDATE OF epoch ON caretaker.run FOR EACH ROW"
                            + " EXECUTE FUNCTION stumble()");
            RunView run = engine.awaitEnd(engine.start(TestEngine.delete(target, "patient")));

            assertThat(run.outcome()).contains(Outcome.COMPLETE);
            assertThat(run.totals().rowsDeleted()).isEqualTo(90);
            assertThat(control.number("SELECT last_value FROM claims")).isGreaterThan(3);
        }
    }
}
