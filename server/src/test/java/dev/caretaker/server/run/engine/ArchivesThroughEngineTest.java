package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.archive.ArchiveBook;
import dev.caretaker.server.archive.restore.RestoreOrder;
import dev.caretaker.server.archive.restore.Restores;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.CrashableServer;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.Kills;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever dies, each row is in its table or in its archive, once; and comes back once. */
class ArchivesThroughEngineTest {
    private static final int ALL = 12_000;
    private static final String TABLE = "CREATE TABLE t (id int PRIMARY KEY, body text)";
    private static final String ROWS =
            "INSERT INTO t SELECT i, repeat(md5(i::text), 3) FROM generate_series(1, " + ALL + ") i";
    private static final String ONCE =
            "SELECT count(*) FROM (SELECT id, min(body) AS body FROM (SELECT * FROM t UNION ALL"
                    + " SELECT * FROM back) u GROUP BY id HAVING count(*) = 1) o WHERE body = repeat(md5(id::text), 3)";

    private final TestPostgres postgres = TestPostgres.newest();

    @TempDir
    private Path folder;

    private Map<String, Object> settings(String data) throws IOException {
        Path nas = Files.createDirectories(folder.resolve("nas"));
        return Map.of(
                "caretaker.data-dir", folder.resolve(data).toString(),
                "caretaker.archives.destinations.nas.type", "directory",
                "caretaker.archives.destinations.nas.path", nas.toString());
    }

    private static StepSpec archiving(UUID archive, long oid, boolean overlaps) {
        return new StepSpec(
                ArchivingKind.NAME,
                new TableName("public", "t"),
                "p",
                ALL,
                new ArchivingKind.Work(archive, oid, overlaps));
    }

    private static RunView restore(TestEngine engine, UUID archive) {
        return restore(engine, archive, new RestoreOrder.NewTable(new TableName("public", "back")));
    }

    private static RunView restore(TestEngine engine, UUID archive, RestoreOrder.Into into) {
        return engine.awaitLateEnd(engine.bean(Restores.class)
                .start(
                        UUID.randomUUID(),
                        new RestoreOrder(
                                archive,
                                into,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Duration.ZERO,
                                Optional.empty(),
                                TestEngine.ALICE))
                .id());
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.EmbeddedServer#tried")
    void a_postmaster_killed_at_random_commits_loses_no_row_and_doubles_none(EmbeddedServer version) throws Exception {
        Random random = new Random(Kills.SEED);
        try (CrashableServer server = new CrashableServer(version);
                TestEngine engine =
                        TestEngine.start(TestPostgres.controlStore().url(), server.url(), settings("data"))) {
            server.execute(TABLE, ROWS, "ANALYZE t", "CHECKPOINT");
            AtomicInteger commits = new AtomicInteger();
            int first = 2 + random.nextInt(3);
            engine.gate().act(runId -> {
                int commit = commits.incrementAndGet();
                if (commit == first || commit == first + 5) {
                    crash(server);
                }
            });
            UUID archive = UUID.randomUUID();
            RunView run = engine.awaitLateEnd(engine.start(
                    archiving(archive, server.number("SELECT 't'::regclass::oid::bigint"), random.nextBoolean())));
            String because = "seed " + Kills.SEED + ": " + run;
            assertThat(run.outcome()).as(because).contains(Outcome.COMPLETE);
            assertThat(run.debts())
                    .as(because)
                    .allSatisfy(debt -> assertThat(debt.settled()).isPresent());
            commits.set(0);
            assertThat(restore(engine, archive).outcome()).as(because).contains(Outcome.COMPLETE);
            assertThat(commits.get()).as(because).isGreaterThan(first);
            assertThat(server.number(ONCE)).as(because).isEqualTo(ALL);
            assertThat(server.number("SELECT count(*) FROM back")).as(because).isEqualTo(ALL);
            commits.set(0);
            RunView original = restore(engine, archive, new RestoreOrder.Original());
            assertThat(original.outcome()).as(because).contains(Outcome.COMPLETE);
            assertThat(commits.get()).as(because).isGreaterThan(first);
            assertThat(server.number("SELECT count(*) FROM t")).as(because).isEqualTo(ALL);
        }
    }

    private static void crash(CrashableServer server) {
        try {
            server.kill();
            server.start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sessions_killed_before_their_commits_lose_no_row_and_double_none(boolean overlaps) throws Exception {
        Database target = postgres.database();
        target.execute(TABLE, ROWS, "ANALYZE t");
        AtomicInteger commits = new AtomicInteger();
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore().url(), target.url(), settings("data"))) {
            engine.gate().act(runId -> {
                if (commits.incrementAndGet() % 3 == 2 && commits.get() < 12) {
                    target.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                            + " WHERE application_name = 'caretaker/" + runId + "'");
                }
            });
            UUID archive = UUID.randomUUID();
            RunView run = engine.awaitEnd(engine.start(archiving(archive, TestEngine.oid(target, "t"), overlaps)));
            assertThat(run.outcome()).as(run.toString()).contains(Outcome.COMPLETE);
            assertThat(engine.bean(ArchiveBook.class).get(archive).rowsInDoubt())
                    .isZero();
            commits.set(0);
            assertThat(restore(engine, archive).outcome()).contains(Outcome.COMPLETE);
            assertThat(target.number(ONCE)).isEqualTo(ALL);
            assertThat(target.number("SELECT count(*) FROM back")).isEqualTo(ALL);
        }
    }

    @Test
    void a_cancelled_run_leaves_an_archive_of_what_it_had_taken() throws Exception {
        Database target = postgres.database();
        target.execute(TABLE, ROWS, "ANALYZE t");
        AtomicInteger commits = new AtomicInteger();
        try (TestEngine engine = TestEngine.start(TestPostgres.controlStore().url(), target.url(), settings("data"))) {
            engine.gate().act(runId -> {
                if (commits.incrementAndGet() == 3) {
                    engine.runs().cancel(runId, TestEngine.ALICE, "enough");
                }
            });
            UUID archive = UUID.randomUUID();
            RunView run = engine.awaitEnd(engine.start(archiving(archive, TestEngine.oid(target, "t"), false)));
            assertThat(run.outcome()).contains(Outcome.CANCELLED);
            engine.gate().act(runId -> {});
            Awaitility.await()
                    .atMost(TestEngine.PATIENCE)
                    .until(() -> engine.bean(ArchiveBook.class).get(archive).state() == ArchiveRow.State.STORED);
            assertThat(restore(engine, archive).outcome()).contains(Outcome.COMPLETE);
            assertThat(target.number(ONCE)).isEqualTo(ALL);
            assertThat(target.number("SELECT count(*) FROM t")).isPositive();
        }
    }

    /** Each has a spool of its own: what the first has comes when it is back. */
    @Test
    void another_server_goes_on_and_the_first_brings_its_parts_when_it_is_back() throws Exception {
        Database target = postgres.database();
        Database control = TestPostgres.controlStore();
        target.execute(TABLE, ROWS, "ANALYZE t");
        UUID archive = UUID.randomUUID();
        UUID run;
        AtomicInteger commits = new AtomicInteger();
        try (TestEngine first = TestEngine.start(control.url(), target.url(), settings("one"))) {
            first.gate().act(runId -> {
                if (commits.incrementAndGet() == 3) {
                    first.runs().pause(runId, TestEngine.ALICE, "moving");
                }
            });
            run = first.start(archiving(archive, TestEngine.oid(target, "t"), false));
            Awaitility.await()
                    .atMost(TestEngine.PATIENCE)
                    .until(() -> first.runs().get(run).state() == RunState.PAUSED);
        }
        try (TestEngine second = TestEngine.start(control.url(), target.url(), settings("two"))) {
            second.runs().resume(run, TestEngine.ALICE, "");
            RunView ended = second.awaitEnd(run);
            assertThat(ended.outcome()).contains(Outcome.COMPLETE);
            assertThat(second.bean(ArchiveBook.class).get(archive).problem()).contains("spool of another server");
            assertThat(ended.debts()).anyMatch(debt -> debt.settled().isEmpty());
            try (TestEngine back = TestEngine.start(control.url(), target.url(), settings("one"))) {
                Awaitility.await()
                        .atMost(TestEngine.PATIENCE)
                        .until(() -> back.bean(ArchiveBook.class).get(archive).state() == ArchiveRow.State.STORED);
            }
            assertThat(restore(second, archive).outcome()).contains(Outcome.COMPLETE);
            assertThat(target.number(ONCE)).isEqualTo(ALL);
            assertThat(target.number("SELECT count(*) FROM back")).isEqualTo(ALL);
        }
    }
}
