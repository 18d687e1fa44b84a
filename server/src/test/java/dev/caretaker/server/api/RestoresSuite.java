package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.RestoreArchiveRequest;
import dev.caretaker.v1.RestoredPartition;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunOutcome;
import java.util.Iterator;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Rows of archives come back. */
abstract class RestoresSuite {
    private final ArchiveScene scene;

    RestoresSuite(ArchiveScene scene) {
        this.scene = scene;
    }

    @Test
    void a_range_of_time_comes_back_into_a_table_that_has_changed_since() throws Exception {
        scene.table("ranged", 10_000);
        String id = scene.archived("ranged", "nas");
        scene.target()
                .execute(
                        "ALTER TABLE ranged DROP COLUMN body, ADD COLUMN added int NOT NULL DEFAULT 7",
                        "INSERT INTO ranged VALUES (24, now())");
        scene.restored(scene.restore(id)
                .setOriginal(true)
                .setFromTime(scene.time("2025-01-02T00:00:00Z"))
                .setUntilTime(scene.time("2025-01-03T00:00:00Z")));
        assertThat(scene.count("SELECT count(*) FROM ranged WHERE added = 7")).isEqualTo(24);
        assertThat(scene.count("SELECT count(*) FROM ranged WHERE at > now() - interval '1 day'"))
                .isOne();
        scene.target().execute("ALTER TABLE ranged ADD COLUMN needed int");
        scene.target().execute("UPDATE ranged SET needed = 1", "ALTER TABLE ranged ALTER needed SET NOT NULL");
        assertThatThrownBy(() -> scene.run(scene.restore(id).setOriginal(true))).hasMessageContaining("needed");
    }

    @Test
    void a_column_of_another_type_takes_what_fits_it_and_nothing_is_loaded_that_does_not() throws Exception {
        scene.table("retyped", 3_000);
        String id = scene.archived("retyped", "nas");
        scene.target().execute("ALTER TABLE retyped ALTER id TYPE bigint, ALTER body TYPE varchar(2000)");
        scene.restored(scene.restore(id).setOriginal(true));
        assertThat(scene.count("SELECT count(*) FROM retyped WHERE body = md5(id::text) || md5((-id)::text)"
                        + " || md5((id * 7)::text)"))
                .isEqualTo(3_000);
        scene.target().execute("DELETE FROM retyped", "ALTER TABLE retyped ALTER body TYPE int USING 0");
        RunFinished finished =
                scene.run(scene.restore(id).setOriginal(true)).getLast().getFinished();
        assertThat(finished.getOutcome()).isEqualTo(RunOutcome.RUN_OUTCOME_FAILED);
        assertThat(finished.getError().getMessage()).contains("\"body\" is of type integer");
        assertThat(scene.count("SELECT count(*) FROM retyped")).isZero();
    }

    @Test
    void a_partition_becomes_one_again() throws Exception {
        scene.target()
                .execute(
                        "CREATE TABLE whole (id int, at timestamptz NOT NULL, body text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                        "CREATE TABLE \"Part 2025\" PARTITION OF whole FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
                        "INSERT INTO whole SELECT i, timestamptz '2025-01-01' + i * interval '1 hour', 'x' FROM generate_series(0, 4999) i");
        String id = scene.archived("Part 2025", "cold");
        scene.target().execute("DROP TABLE \"Part 2025\"");
        scene.restored(
                scene.restore(id).setPartition(RestoredPartition.newBuilder().setName(scene.name("back_2025"))));
        assertThat(scene.count("SELECT count(*) FROM whole")).isEqualTo(5_000);
        assertThat(scene.count("SELECT count(*) FROM pg_inherits WHERE inhrelid = 'back_2025'::regclass"))
                .isOne();
        assertThatThrownBy(() -> scene.run(scene.restore(id)
                        .setPartition(RestoredPartition.newBuilder().setName(scene.name("back_2025")))))
                .hasMessageContaining("exists already");
    }

    @Test
    void a_restore_that_is_asked_for_twice_under_one_id_loads_once() throws Exception {
        scene.table("twice", 3_000);
        String id = scene.archived("twice", "nas");
        RestoreArchiveRequest.Builder request = scene.restore(id).setNewTable(scene.name("twice_back"));
        scene.restored(request);
        scene.restored(request);
        assertThat(scene.count("SELECT count(*) FROM twice_back")).isEqualTo(3_000);
    }

    @Test
    void restored_rows_stay_until_their_time_is_over() throws Exception {
        scene.table("stays", 2_000);
        String id = scene.archived("stays", "nas");
        scene.target()
                .execute("INSERT INTO stays VALUES (-1, '2024-06-01', 'older'), (-2, '2025-02-01', 'not restored')");
        scene.server()
                .policies()
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .addPolicies(ValidationTest.GOOD.toBuilder()
                                .setName("old-stays")
                                .setTable(scene.name("stays"))
                                .setTimeColumn(ValidationTest.GOOD.getTimeColumn().toBuilder()
                                        .setName("at")))
                        .build());
        assertThat(plan().getTotal().getRows()).isEqualTo(2);
        Plan before = plan();
        scene.restored(scene.restore(id).setOriginal(true).setFromTime(scene.time("2025-01-15T00:00:00Z")));
        Plan after = plan();
        assertThat(after.getTotal().getRows()).isEqualTo(1);
        assertThat(after.getWarningsList())
                .filteredOn(warning -> warning.getCode() == PlanWarningCode.PLAN_WARNING_CODE_RESTORED_ROWS)
                .singleElement()
                .satisfies(warning -> assertThat(warning.getMessage()).contains("2025-01-15T00:00:00Z", id));
        assertThatThrownBy(() -> execute(before)).hasMessageContaining("rows of archive " + id);
        execute(after);
        assertThat(scene.count("SELECT count(*) FROM stays WHERE at < '2025-01-01'"))
                .isZero();
        assertThat(scene.count("SELECT count(*) FROM stays WHERE at >= '2025-01-15'"))
                .isEqualTo(2_000 - 14 * 24 + 1);
    }

    private Plan plan() {
        return scene.server()
                .maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .addPolicies("old-stays")
                        .setExact(true)
                        .build())
                .getPlan();
    }

    private void execute(Plan plan) {
        Iterator<ExecuteCleanupResponse> events = scene.server()
                .maintenance()
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setPlanId(plan.getPlanId())
                        .build());
        while (events.hasNext()) {
            events.next();
        }
    }
}
