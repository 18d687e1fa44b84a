package dev.caretaker.server.run.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.archive.ArchiveTerms;
import dev.caretaker.server.archive.VerifyLevel;
import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.policy.Keeping;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.step.Eligibility;
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
import dev.caretaker.server.testing.CrashableServer;
import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever dies, each row is in its table or in its archive, and each is counted once. */
class KeepingThroughEngineTest {
    private static final int OLD = 12_000;
    private static final int ALL = 13_000;
    private static final String TABLE = "CREATE TABLE t (id int, at timestamptz, filler text)";
    private static final String ROWS = "INSERT INTO t SELECT i, timestamptz '2025-01-01' + (i - " + OLD
            + " - 1) * interval '1 minute', repeat('x', 1000 + i % 50) FROM generate_series(1, " + ALL + ") i";
    private static final String INDEX = "CREATE INDEX t_at ON t (at)";
    private static final String BY_ID =
            "SELECT count(*) FROM (SELECT id, count(*), min(filler) AS filler FROM (SELECT id,"
                    + " filler FROM t UNION ALL SELECT id, filler FROM kept) AS u GROUP BY id HAVING count(*) = 1) AS once"
                    + " WHERE length(filler) = 1000 + id % 50";

    private final TestPostgres postgres = TestPostgres.newest();

    @ParameterizedTest
    @EnumSource
    void a_postmaster_killed_at_random_commits_loses_no_row_and_keeps_none_twice(EmbeddedServer version)
            throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        for (String kind : List.of(RemovalKinds.INDEX_RANGE, RemovalKinds.BLOCK_RANGE, RemovalKinds.ROW_LIST)) {
            try (CrashableServer server = new CrashableServer(version);
                    TestEngine engine = TestEngine.start(postgres.database().url(), server.url(), Map.of())) {
                server.execute(TABLE, ROWS, INDEX, "ANALYZE t", "CHECKPOINT");
                AtomicInteger commits = new AtomicInteger();
                int first = 2 + random.nextInt(2);
                engine.gate().act(runId -> {
                    int commit = commits.incrementAndGet();
                    if (commit == first || commit == first + 6) {
                        crash(server);
                    }
                });
                try (Connection connection = server.connect()) {
                    long oid = server.number("SELECT 't'::regclass::oid::bigint");
                    UUID runId = engine.start(
                            removal(kind, RelationState.read(connection, oid).orElseThrow(), table()));
                    RunView run = engine.awaitEnd(runId);
                    String because = "seed " + seed + ", " + kind + ": " + run;
                    TestEngine.assertComplete(run, OLD);
                    assertThat(commits.get()).as(because).isGreaterThan(first);
                    assertThat(server.number(BY_ID)).as(because).isEqualTo(ALL);
                    assertThat(server.number("SELECT count(*) FROM kept"))
                            .as(because)
                            .isEqualTo(OLD);
                    assertThat(run.totals().archived().getFirst().rows())
                            .as(because)
                            .isEqualTo(OLD);
                }
            }
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
    @ValueSource(strings = {RemovalKinds.INDEX_RANGE, RemovalKinds.BLOCK_RANGE, RemovalKinds.ROW_LIST})
    void sessions_killed_before_their_commits_lose_no_row_and_no_figure(String kind) throws SQLException {
        for (Keeper keeper : List.of(table(), rollUp())) {
            Database target = postgres.database();
            target.execute(TABLE, ROWS, INDEX, "ANALYZE t");
            AtomicInteger commits = new AtomicInteger();
            try (TestEngine engine = TestEngine.start(postgres.database(), target);
                    Connection connection = target.connect()) {
                engine.gate().act(runId -> {
                    if (commits.incrementAndGet() % 3 == 2 && commits.get() < 12) {
                        target.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                                + " WHERE application_name = 'caretaker/" + runId + "'");
                    }
                });
                RelationState state = RelationState.read(connection, TestEngine.oid(target, "t"))
                        .orElseThrow();
                RunView run = engine.awaitEnd(engine.start(removal(kind, state, keeper)));
                TestEngine.assertComplete(run, OLD);
                assertThat(run.totals().archived().getFirst().rows()).isEqualTo(OLD);
            }
            assertThat(commits.get()).isGreaterThanOrEqualTo(3);
            if (keeper instanceof Keeper.Table) {
                assertThat(target.number(BY_ID)).isEqualTo(ALL);
            } else {
                assertThat(target.number("SELECT sum(rows) FROM kept")).isEqualTo(OLD);
                assertThat(target.number("SELECT sum(ids) FROM kept")).isEqualTo((long) OLD * (OLD + 1) / 2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_postmaster_killed_at_random_commits_leaves_each_row_in_its_table_or_once_in_a_file(
            EmbeddedServer version, @TempDir Path folder) throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        for (String kind : List.of(RemovalKinds.INDEX_RANGE, RemovalKinds.BLOCK_RANGE, RemovalKinds.ROW_LIST)) {
            Path cold = Files.createDirectories(folder.resolve(kind));
            try (CrashableServer server = new CrashableServer(version);
                    TestEngine engine =
                            TestEngine.start(postgres.database().url(), server.url(), destination(folder, cold))) {
                server.execute(TABLE, ROWS, INDEX, "ANALYZE t", "CHECKPOINT");
                AtomicInteger commits = new AtomicInteger();
                int first = 2 + random.nextInt(2);
                engine.gate().act(runId -> {
                    int commit = commits.incrementAndGet();
                    if (commit == first || commit == first + 6) {
                        crash(server);
                    }
                });
                try (Connection connection = server.connect()) {
                    long oid = server.number("SELECT 't'::regclass::oid::bigint");
                    UUID runId = engine.start(
                            removal(kind, RelationState.read(connection, oid).orElseThrow(), store()));
                    RunView run = engine.awaitEnd(runId);
                    String because = "seed " + seed + ", " + kind + ": " + run;
                    TestEngine.assertComplete(run, OLD);
                    assertThat(commits.get()).as(because).isGreaterThan(first);
                    assertThat(server.number("SELECT count(*) FROM t"))
                            .as(because)
                            .isEqualTo(ALL - OLD);
                    assertArchived(cold, because);
                    assertThat(run.totals().archived().getFirst().rows())
                            .as(because)
                            .isEqualTo(OLD);
                    assertThat(run.totals().archived().getFirst().bytes())
                            .as(because)
                            .isPositive();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RemovalKinds.INDEX_RANGE, RemovalKinds.BLOCK_RANGE, RemovalKinds.ROW_LIST})
    void sessions_killed_before_their_commits_leave_each_row_in_its_table_or_once_in_a_file(
            String kind, @TempDir Path folder) throws Exception {
        Path cold = Files.createDirectories(folder.resolve("cold"));
        Database target = postgres.database();
        target.execute(TABLE, ROWS, INDEX, "ANALYZE t");
        AtomicInteger commits = new AtomicInteger();
        try (TestEngine engine = TestEngine.start(postgres.database().url(), target.url(), destination(folder, cold));
                Connection connection = target.connect()) {
            engine.gate().act(runId -> {
                if (commits.incrementAndGet() % 3 == 2 && commits.get() < 12) {
                    target.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                            + " WHERE application_name = 'caretaker/" + runId + "'");
                }
            });
            RelationState state =
                    RelationState.read(connection, TestEngine.oid(target, "t")).orElseThrow();
            RunView run = engine.awaitEnd(engine.start(removal(kind, state, store())));
            TestEngine.assertComplete(run, OLD);
            assertThat(run.debts()).isEmpty();
            assertArchived(cold, kind);
        }
        assertThat(target.number("SELECT count(*) FROM t")).isEqualTo(ALL - OLD);
    }

    @Test
    void a_run_that_is_cancelled_leaves_an_archive_of_what_has_left(@TempDir Path folder) throws Exception {
        Path cold = Files.createDirectories(folder.resolve("cold"));
        Database target = postgres.database();
        target.execute(TABLE, ROWS, INDEX, "ANALYZE t");
        AtomicInteger commits = new AtomicInteger();
        try (TestEngine engine = TestEngine.start(postgres.database().url(), target.url(), destination(folder, cold));
                Connection connection = target.connect()) {
            engine.gate().act(runId -> {
                if (commits.incrementAndGet() == 3) {
                    engine.runs().cancel(runId, TestEngine.ALICE, "seen enough");
                }
            });
            RelationState state =
                    RelationState.read(connection, TestEngine.oid(target, "t")).orElseThrow();
            RunView run = engine.awaitEnd(engine.start(removal(RemovalKinds.INDEX_RANGE, state, store())));
            assertThat(run.outcome()).contains(Outcome.CANCELLED);
            long left = target.number("SELECT count(*) FROM t");
            assertThat(run.totals().rowsDeleted()).isEqualTo(ALL - left).isPositive();
            await().atMost(TestEngine.PATIENCE).until(() -> manifests(cold) == 1);
            List<String> rows = rows(cold);
            assertThat(rows).hasSize((int) (ALL - left)).doesNotHaveDuplicates();
            String ids = rows.stream()
                    .map(row -> row.substring(0, row.indexOf(',')))
                    .collect(Collectors.joining(",", "{", "}"));
            assertThat(target.number("SELECT count(*) FROM t WHERE id = ANY ('" + ids + "')"))
                    .isZero();
            await().atMost(TestEngine.PATIENCE)
                    .until(() -> engine.runs().get(run.id()).debts().stream()
                            .allMatch(debt -> debt.settled().isPresent()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RemovalKinds.BLOCK_RANGE, RemovalKinds.ROW_LIST})
    void rows_that_refer_to_one_another_go_to_a_file_together(String kind, @TempDir Path folder) throws Exception {
        Path cold = Files.createDirectories(folder.resolve("cold"));
        Database target = postgres.database();
        target.execute(
                TABLE,
                ROWS,
                "ALTER TABLE t ADD PRIMARY KEY (id), ADD relation int REFERENCES t",
                "UPDATE t SET relation = CASE WHEN id % 7 > 0 THEN (id + 5) / 2 END WHERE id <= " + OLD,
                "CREATE INDEX ON t (relation)",
                INDEX,
                "VACUUM ANALYZE t");
        try (TestEngine engine = TestEngine.start(postgres.database().url(), target.url(), destination(folder, cold));
                Connection connection = target.connect()) {
            RelationState state =
                    RelationState.read(connection, TestEngine.oid(target, "t")).orElseThrow();
            RowRemoval removal = (RowRemoval) removal(kind, state, store()).parameters();
            ReferencingKey key = new ReferencingKey(
                    "t_relation_fkey", new TableName("public", "t"), List.of(KeyColumn.plain("id", "relation")));
            Kinship kin = new Kinship(
                    List.of(new Kinship.Table(
                            state.table(),
                            List.of("id"),
                            List.of(new Kinship.Part(state.oid(), state.table())),
                            List.of(new Kinship.Rows(removal.eligible(), List.of(state.oid()))))),
                    List.of(new Kinship.Key(0, 0, key, true)));
            AtomicInteger commits = new AtomicInteger();
            engine.gate().act(runId -> {
                if (commits.incrementAndGet() == 2) {
                    target.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                            + " WHERE application_name = 'caretaker/" + runId + "'");
                }
            });
            RunView run = engine.awaitEnd(
                    engine.start(new StepSpec(kind, state.table(), "p", OLD, removal.with(kin, false))));
            TestEngine.assertComplete(run, OLD);
            assertArchived(cold, kind);
        }
        assertThat(target.number("SELECT count(*) FROM t")).isEqualTo(ALL - OLD);
    }

    private static Map<String, Object> destination(Path folder, Path cold) {
        return Map.of(
                "caretaker.archives.spool", folder.resolve("spool").toString(),
                "caretaker.archives.destinations.cold.type", "directory",
                "caretaker.archives.destinations.cold.path", cold.toString());
    }

    private static long manifests(Path cold) throws IOException {
        try (Stream<Path> files = Files.walk(cold)) {
            return files.filter(file -> file.endsWith("manifest.json")).count();
        }
    }

    private static List<String> rows(Path cold) throws IOException {
        List<String> rows = new ArrayList<>();
        try (Stream<Path> files = Files.walk(cold)) {
            for (Path file :
                    files.filter(some -> some.toString().endsWith(".csv")).toList()) {
                List<String> all = Files.readAllLines(file);
                assertThat(all.getFirst()).isEqualTo("\"id\",\"at\",\"filler\"");
                rows.addAll(all.subList(1, all.size()));
            }
        }
        return rows;
    }

    /** Each old row stands in the parts of one archive, once, as it was; and the archive has its manifest. */
    private static void assertArchived(Path cold, String because) throws IOException {
        assertThat(manifests(cold)).as(because).isEqualTo(1);
        List<String> lines = rows(cold);
        assertThat(lines.stream().map(line -> line.substring(0, line.indexOf(','))))
                .as(because)
                .doesNotHaveDuplicates();
        assertThat(lines).as(because).hasSize(OLD);
        assertThat(lines).as(because).allSatisfy(line -> {
            String[] values = line.split(",");
            int id = Integer.parseInt(values[0]);
            assertThat(id).isBetween(1, OLD);
            assertThat(values[2]).hasSize(1000 + id % 50);
        });
    }

    private static Keeper store() {
        return new Keeper.Store(
                new ArchiveTerms("cold", "csv", "none", 4L << 20, VerifyLevel.READ_BACK),
                List.of("id", "at", "filler"),
                Optional.of(new TimeColumn("at", TimeColumn.Kind.TIMESTAMPTZ, Optional.empty())),
                "p",
                Instant.parse("2025-01-01T00:00:00Z"),
                "at < '2025-01-01'");
    }

    private static Keeper table() {
        return new Keeper.Table(
                new TableName("public", "kept"), new TableName("public", "t"), List.of("id", "at", "filler"), false);
    }

    private static Keeper rollUp() {
        return new Keeper.RollUp(
                new TableName("public", "kept"),
                new TimeColumn("at", TimeColumn.Kind.TIMESTAMPTZ, Optional.empty()),
                Keeping.Bucket.HOUR,
                "UTC",
                List.of(),
                List.of(
                        new Keeper.RolledMeasure(
                                new Keeping.Measure(
                                        "rows", Keeping.Figure.COUNT, Optional.empty(), OptionalInt.empty()),
                                ""),
                        new Keeper.RolledMeasure(
                                new Keeping.Measure("ids", Keeping.Figure.SUM, Optional.of("id"), OptionalInt.empty()),
                                "pg_catalog.int4")));
    }

    private static StepSpec removal(String kind, RelationState state, Keeper keeper) {
        TableName table = new TableName("public", "t");
        Eligibility eligible = new Eligibility(
                state.oid(),
                table,
                "at",
                TimeColumn.Kind.TIMESTAMPTZ,
                "timestamp with time zone",
                "2025-01-01 00:00:00+00",
                Optional.empty(),
                Map.of(),
                List.of(),
                List.of());
        RowRemoval removal = new RowRemoval(
                eligible,
                state.fingerprint(),
                state.relfilenode(),
                150,
                Optional.of(new RowRemoval.IndexPath(new TableName("public", "t_at"), List.of(Map.of()))),
                List.of(),
                false);
        return new StepSpec(kind, table, "p", OLD, removal.keptBy(keeper));
    }
}
