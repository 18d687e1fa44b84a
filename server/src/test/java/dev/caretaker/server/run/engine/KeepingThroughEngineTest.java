package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.step.Eligibility.ReferencingKey;
import dev.caretaker.server.cleanup.step.Kinship;
import dev.caretaker.server.cleanup.step.RelationState;
import dev.caretaker.server.cleanup.step.RemovalKinds;
import dev.caretaker.server.cleanup.step.RowRemoval;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.KeyColumn;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions die, runs are cancelled: each row is in its table or in its archive, and each is counted once. */
class KeepingThroughEngineTest {
    @TempDir
    private static Path folder;

    private static Database target;
    private static TestEngine engine;

    private final AtomicInteger commits = new AtomicInteger();

    @BeforeAll
    static void start() throws IOException {
        target = TestPostgres.newest().database();
        engine = TestEngine.start(TestPostgres.controlStore().url(), target.url(), KeptRows.settings(folder));
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @BeforeEach
    void make() throws IOException {
        target.execute(KeptRows.made());
        KeptRows.forget(folder);
    }

    private static RelationState state() throws SQLException {
        try (var connection = target.connect()) {
            return RelationState.read(connection, TestEngine.oid(target, "t")).orElseThrow();
        }
    }

    private static RunView ended(String kind, Keeper keeper) throws SQLException {
        return engine.awaitEnd(engine.start(KeptRows.removal(kind, state(), keeper)));
    }

    /** Several sessions of the run die between journal and commit. */
    private void killSome(UUID runId) {
        if (commits.incrementAndGet() % 3 == 2 && commits.get() < 12) {
            killSessions(runId);
        }
    }

    private static void killSessions(UUID runId) {
        target.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                + " WHERE application_name = 'caretaker/" + runId + "'");
    }

    private static long left() {
        return target.number("SELECT count(*) FROM t");
    }

    @ParameterizedTest
    @ValueSource(strings = {RemovalKinds.INDEX_RANGE, RemovalKinds.BLOCK_RANGE, RemovalKinds.ROW_LIST})
    void sessions_killed_before_their_commits_lose_no_row_and_keep_none_twice_in_a_table(String kind)
            throws SQLException {
        engine.gate().act(this::killSome);
        RunView run = ended(kind, KeptRows.table());
        TestEngine.assertComplete(run, KeptRows.OLD);
        assertThat(commits.get()).isGreaterThanOrEqualTo(3);
        assertThat(run.totals().archived().getFirst().rows()).isEqualTo(KeptRows.OLD);
        assertThat(target.number(KeptRows.BY_ID)).isEqualTo(KeptRows.ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {RemovalKinds.INDEX_RANGE, RemovalKinds.BLOCK_RANGE, RemovalKinds.ROW_LIST})
    void sessions_killed_before_their_commits_lose_no_figure(String kind) throws SQLException {
        engine.gate().act(this::killSome);
        RunView run = ended(kind, KeptRows.rollUp());
        TestEngine.assertComplete(run, KeptRows.OLD);
        assertThat(commits.get()).isGreaterThanOrEqualTo(3);
        assertThat(run.totals().archived().getFirst().rows()).isEqualTo(KeptRows.OLD);
        assertThat(target.number("SELECT sum(rows) FROM kept")).isEqualTo(KeptRows.OLD);
        assertThat(target.number("SELECT sum(ids) FROM kept")).isEqualTo((long) KeptRows.OLD * (KeptRows.OLD + 1) / 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {RemovalKinds.INDEX_RANGE, RemovalKinds.BLOCK_RANGE, RemovalKinds.ROW_LIST})
    void sessions_killed_before_their_commits_leave_each_row_in_its_table_or_once_in_a_file(String kind)
            throws Exception {
        engine.gate().act(this::killSome);
        RunView run = ended(kind, KeptRows.store());
        TestEngine.assertComplete(run, KeptRows.OLD);
        assertThat(run.debts()).isEmpty();
        KeptRows.assertArchived(folder, kind);
        assertThat(left()).isEqualTo(KeptRows.ALL - KeptRows.OLD);
    }

    @Test
    void a_run_that_is_cancelled_leaves_an_archive_of_what_has_left() throws Exception {
        engine.gate().act(runId -> {
            if (commits.incrementAndGet() == 3) {
                engine.runs().cancel(runId, TestEngine.ALICE, "seen enough");
            }
        });
        RunView run = ended(RemovalKinds.INDEX_RANGE, KeptRows.store());
        assertThat(run.outcome()).contains(Outcome.CANCELLED);
        long left = left();
        assertThat(run.totals().rowsDeleted()).isEqualTo(KeptRows.ALL - left).isPositive();
        await().atMost(TestEngine.PATIENCE).until(() -> KeptRows.manifests(folder) == 1);
        Set<Integer> ids = KeptRows.rows(folder).stream().map(KeptRows::id).collect(Collectors.toSet());
        assertThat(KeptRows.rows(folder)).hasSize((int) (KeptRows.ALL - left)).hasSameSizeAs(ids);
        String list = ids.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
        assertThat(target.number("SELECT count(*) FROM t WHERE id = ANY ('" + list + "')"))
                .isZero();
        await().atMost(TestEngine.PATIENCE)
                .until(() -> engine.runs().get(run.id()).debts().stream()
                        .allMatch(debt -> debt.settled().isPresent()));
    }

    @ParameterizedTest
    @ValueSource(strings = {RemovalKinds.BLOCK_RANGE, RemovalKinds.ROW_LIST})
    void rows_that_refer_to_one_another_go_to_a_file_together(String kind) throws Exception {
        target.execute(
                "ALTER TABLE t ADD PRIMARY KEY (id), ADD relation int REFERENCES t",
                "UPDATE t SET relation = CASE WHEN id % 7 > 0 THEN (id + 5) / 2 END WHERE id <= " + KeptRows.OLD,
                "CREATE INDEX ON t (relation)",
                "VACUUM ANALYZE t");
        engine.gate().act(runId -> {
            if (commits.incrementAndGet() == 2) {
                killSessions(runId);
            }
        });
        RunView run = engine.awaitLateEnd(engine.start(together(kind)));
        TestEngine.assertComplete(run, KeptRows.OLD);
        KeptRows.assertArchived(folder, kind);
        assertThat(left()).isEqualTo(KeptRows.ALL - KeptRows.OLD);
    }

    private static StepSpec together(String kind) throws SQLException {
        RelationState state = state();
        RowRemoval removal =
                (RowRemoval) KeptRows.removal(kind, state, KeptRows.store()).parameters();
        ReferencingKey key = new ReferencingKey(
                "t_relation_fkey", new TableName("public", "t"), List.of(KeyColumn.plain("id", "relation")));
        Kinship kin = new Kinship(
                List.of(new Kinship.Table(
                        state.table(),
                        List.of("id"),
                        List.of(new Kinship.Part(state.oid(), state.table())),
                        List.of(new Kinship.Rows(removal.eligible(), List.of(state.oid()))))),
                List.of(new Kinship.Key(0, 0, key, true)));
        return new StepSpec(kind, state.table(), "p", KeptRows.OLD, removal.with(kin, false));
    }
}
