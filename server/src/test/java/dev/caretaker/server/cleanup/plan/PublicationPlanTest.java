package dev.caretaker.server.cleanup.plan;

import static dev.caretaker.server.cleanup.CleanupBench.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.cleanup.CleanupBench;
import dev.caretaker.server.cleanup.CleanupBench.PolicyBuilder;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Deletes that Postgres refuses because of how they are published are foreseen, each as the server itself refuses it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublicationPlanTest {
    private static final String OLD = "timestamptz '2026-01-01Z'";

    private Database db;
    private CleanupBench bench;

    @BeforeAll
    void start() {
        db = TestPostgres.newest().database();
        bench = CleanupBench.start(db);
    }

    @AfterAll
    void stop() {
        bench.close();
    }

    private Optional<PlanWarning> refusal(PolicyBuilder policy) {
        return bench.plan(policy).warnings().stream()
                .filter(warning -> warning.code() == Code.NO_REPLICA_IDENTITY)
                .findFirst();
    }

    /** What the plan foresees, and that the server says the same. */
    private PlanWarning foreseen(PolicyBuilder policy, String delete) {
        PlanWarning warning = refusal(policy).orElseThrow(() -> new AssertionError("nothing is foreseen"));
        assertThat(warning.blocking()).isTrue();
        assertThatThrownBy(() -> db.execute(delete)).hasStackTraceContaining("cannot ");
        return warning;
    }

    private void mended(PlanWarning warning, PolicyBuilder policy, String delete) {
        db.execute(warning.remediationSql().split("\n"));
        assertThat(refusal(policy)).isEmpty();
        db.execute(delete);
    }

    @Test
    void a_condition_on_a_column_outside_of_the_replica_identity() {
        db.execute(
                "CREATE TABLE \"Orders\" (id int PRIMARY KEY, \"Status\" text, at timestamptz)",
                "INSERT INTO \"Orders\" SELECT i, 'open', " + OLD + " FROM generate_series(1, 10) i",
                "CREATE PUBLICATION open_orders FOR TABLE \"Orders\" WHERE (id > 0 AND \"Status\" <> 'draft')");
        PolicyBuilder policy = policy("orders", "Orders");
        PlanWarning warning = foreseen(policy, "DELETE FROM \"Orders\"");
        assertThat(warning.message()).contains("publication open_orders").contains("column Status, which is not part");
        mended(warning, policy, "DELETE FROM \"Orders\"");
    }

    @Test
    void the_condition_of_a_partitioned_table_that_is_published_by_its_root() {
        db.execute(
                "CREATE TABLE parts (id int, kind text, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2025-06-01Z') TO ('2026-06-01Z')",
                "INSERT INTO parts VALUES (1, 'x', " + OLD + ")",
                "CREATE PUBLICATION by_root FOR TABLE parts WHERE (kind = 'x') WITH (publish_via_partition_root)");
        PolicyBuilder policy = policy("parts", "parts");
        PlanWarning warning = foreseen(policy, "DELETE FROM parts_1");
        assertThat(warning.relation().orElseThrow().name()).isEqualTo("parts_1");
        mended(warning, policy, "DELETE FROM parts_1");
    }

    @Test
    void a_column_list_and_a_generated_column_that_leave_out_the_replica_identity() {
        db.execute(
                "CREATE TABLE listed (id int PRIMARY KEY, a int, at timestamptz)",
                "INSERT INTO listed VALUES (1, 1, " + OLD + ")",
                "CREATE PUBLICATION some_columns FOR TABLE listed (a, at)",
                "CREATE TABLE made (a int, id int GENERATED ALWAYS AS (a * 2) STORED PRIMARY KEY, at timestamptz)",
                "INSERT INTO made (a, at) VALUES (1, " + OLD + ")",
                "CREATE PUBLICATION unmade FOR TABLE made");
        assertThat(foreseen(policy("listed", "listed"), "DELETE FROM listed").message())
                .contains("column list of publication some_columns does not cover the replica identity (id)");
        assertThat(foreseen(policy("made", "made"), "DELETE FROM made").message())
                .contains("publication unmade does not publish generated columns");
        db.execute("ALTER PUBLICATION some_columns SET (publish = 'insert')");
        assertThat(refusal(policy("listed", "listed"))).isEmpty();
    }

    @Test
    void rows_that_a_cascade_deletes_or_changes() {
        db.execute(
                "CREATE TABLE job (id int PRIMARY KEY, at timestamptz)",
                "CREATE TABLE job_log (job int REFERENCES job ON DELETE CASCADE)",
                "CREATE INDEX ON job_log (job)",
                "CREATE TABLE job_note (job int REFERENCES job ON DELETE SET NULL)",
                "CREATE INDEX ON job_note (job)",
                "INSERT INTO job SELECT i, " + OLD + " FROM generate_series(1, 3) i",
                "CREATE PUBLICATION logs FOR TABLE job_log, job_note");
        PolicyBuilder policy = policy("job", "job").allowCascade();
        // Postgres looks before it searches for rows, so that not one needs to be there.
        List<PlanWarning> foreseen = bench.plan(policy).warnings().stream()
                .filter(warning -> warning.code() == Code.NO_REPLICA_IDENTITY)
                .toList();
        assertThat(foreseen)
                .extracting(PlanWarning::message)
                .satisfiesExactlyInAnyOrder(
                        log -> assertThat(log)
                                .contains("job_log_job_fkey deletes rows of public.job_log")
                                .contains("(logs)"),
                        note -> assertThat(note).contains("job_note_job_fkey updates rows of public.job_note"));
        for (PlanWarning warning : foreseen) {
            assertThatThrownBy(() -> db.execute("DELETE FROM job")).hasStackTraceContaining("replica identity");
            db.execute(warning.remediationSql());
        }
        assertThat(refusal(policy)).isEmpty();
        db.execute("DELETE FROM job");
    }
}
