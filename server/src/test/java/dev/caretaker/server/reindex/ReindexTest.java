package dev.caretaker.server.reindex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunTerms;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.IndexRebuildStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Targets;
import dev.caretaker.server.testing.Statements;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReindexTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String INVALID =
            "SELECT count(*) FROM pg_index WHERE NOT indisvalid AND indexrelid::regclass::text LIKE '%cc%'";

    private final Rebuilds rebuilds = new Rebuilds();

    /** What the control store would remember. */
    private static final class Rebuilds implements IndexRebuildStore {
        private final Map<TableName, Rebuild> all = new HashMap<>();

        @Override
        public void put(Rebuild rebuild) {
            all.put(rebuild.index(), rebuild);
        }

        @Override
        public List<Rebuild> after(String target, Instant after) {
            return all.values().stream()
                    .filter(rebuild -> rebuild.rebuilt().isAfter(after))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_bloated_index_is_found_rebuilt_and_then_left_alone_for_a_while(TestPostgres server) throws SQLException {
        Database database = bloated(server);
        List<ReindexRequest> chosen = select(database, order());
        assertThat(chosen).singleElement().satisfies(request -> {
            assertThat(request.index()).isEqualTo(name("Jobs \"by\" id"));
            assertThat(request.reason()).contains("% bloat", "(estimate)");
        });

        Statements.End end = run(database, chosen.getFirst());

        assertThat(end.message()).contains("Rebuilt");
        assertThat(end.totals().bytesReturned()).isGreaterThan(1_000_000);
        assertThat(database.number(INVALID)).isZero();
        assertThat(rebuilds.all).containsOnlyKeys(name("Jobs \"by\" id"));
        database.execute("ANALYZE \"Jobs\"");
        assertThat(select(database, order())).isEmpty();
        assertThat(select(database, named(false, "Jobs \"by\" id")))
                .singleElement()
                .satisfies(
                        request -> assertThat(request.refusal().orElseThrow()).contains("within the cool-down"));
        assertThat(select(database, named(true, "Jobs \"by\" id")))
                .singleElement()
                .satisfies(request -> assertThat(request.refusal()).isEmpty());
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_healthy_index_is_not_worth_it_unless_forced_and_an_exclusion_constraint_never_is(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, r int4range, EXCLUDE USING gist (r WITH &&))",
                "INSERT INTO t SELECT i, int4range(i, i + 1) FROM generate_series(1, 2000) i",
                "ANALYZE t");
        assertThat(select(database, named(false, "t_pkey")).getFirst().refusal().orElseThrow())
                .contains("not worth it");
        assertThat(select(database, named(true, "t_pkey")).getFirst().refusal()).isEmpty();
        assertThat(select(database, named(true, "t_r_excl"))
                        .getFirst()
                        .refusal()
                        .orElseThrow())
                .contains("exclusion constraint");
        assertThatThrownBy(() -> select(database, named(true, "absent")))
                .hasMessageContaining("public.absent is not an index");
        Database guest = database.role("guest");
        assertThatThrownBy(() -> select(guest, named(true, "t_pkey")))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MISSING_PRIVILEGE));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_partitioned_index_stands_for_those_of_its_partitions(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE p (id int, part int) PARTITION BY LIST (part)",
                "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (id)",
                "CREATE TABLE p1_a PARTITION OF p1 DEFAULT",
                "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2)",
                "CREATE INDEX \"P idx\" ON p (id)",
                "CREATE INDEX own ON p2 (part)");
        assertThat(select(database, named(true, "P idx")))
                .extracting(request -> request.index().name())
                .containsExactlyInAnyOrder("p1_a_id_idx", "p2_id_idx");
        List<ReindexRequest> all = select(database, order(List.of(), List.of(name("p")), true));
        assertThat(all)
                .extracting(request -> request.index().name())
                .containsExactlyInAnyOrder("p1_a_id_idx", "p2_id_idx", "own");
        for (ReindexRequest request : all) {
            assertThat(run(database, request).message()).contains("Rebuilt");
        }
        assertThat(database.number("SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
                .isZero();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void whoever_goes_on_after_a_crash_removes_its_own_leftover_and_no_other(TestPostgres server) throws SQLException {
        Database database = bloated(server);
        database.execute("CREATE INDEX \"foreign\" ON \"Jobs\" (n)");
        breakOff(database, "\"foreign\"");
        assertThat(database.number(INVALID)).isEqualTo(1);
        ReindexRequest request = select(database, order()).getFirst();
        ReindexMemory memory;
        try (Session session = session(database)) {
            memory = step(request, true).begin(session);
        }
        breakOff(database, "\"Jobs \"\"by\"\" id\"");
        assertThat(database.number(INVALID)).isEqualTo(2);

        memory = Json.read(Json.write(memory), ReindexMemory.class);
        try (Session session = session(database)) {
            ReindexStep next = step(request, true);
            assertThat(next.next(session, memory))
                    .isInstanceOfSatisfying(
                            StatementStep.Run.class,
                            run -> assertThat(run.statement().label()).isEqualTo("drop-leftover"));
            Statements.End end = Statements.run(session, next, memory);
            assertThat(end.message()).contains("Rebuilt");
        }
        assertThat(database.value("SELECT string_agg(relname, ',') FROM pg_class JOIN pg_index ON indexrelid ="
                        + " pg_class.oid WHERE NOT indisvalid"))
                .isEqualTo("foreign_ccnew");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void repair_leaves_nothing_of_its_own(TestPostgres server) throws SQLException {
        Database database = bloated(server);
        ReindexRequest request = select(database, order()).getFirst();
        try (Session session = session(database)) {
            ReindexStep step = step(request, false);
            ReindexMemory memory = step.begin(session);
            breakOff(database, "\"Jobs \"\"by\"\" id\"");
            assertThat(database.number(INVALID)).isEqualTo(1);
            step.repair(session, memory);
            step.repair(session, memory);
            assertThat(database.number(INVALID)).isZero();
            assertThat(database.value("SHOW lock_timeout")).isEqualTo("0");
        }
    }

    @Test
    void maintain_is_enough_to_rebuild_and_what_only_the_owner_may_drop_is_told() throws SQLException {
        Database database = bloated(TestPostgres.newest());
        Database keeper = database.role("keeper");
        database.execute("GRANT MAINTAIN ON \"Jobs\" TO " + keeper.user());
        ReindexRequest request = select(keeper, named(true, "Jobs \"by\" id")).getFirst();
        try (Session session = session(keeper)) {
            ReindexStep step = step(request, true);
            ReindexMemory memory = step.begin(session);
            breakOff(database, "\"Jobs \"\"by\"\" id\"");
            assertThat(step.repair(session, memory).orElseThrow())
                    .contains("must be owner of index", "DROP INDEX CONCURRENTLY IF EXISTS");
            assertThat(Statements.run(session, step, memory).message()).contains("Rebuilt");
        }
        assertThat(new Leftovers(targets(keeper)).drop("shop").getFirst().kept().orElseThrow())
                .contains("does not own");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void leftovers_are_listed_and_dropped_unless_a_build_or_a_run_is_on_their_table(TestPostgres server)
            throws SQLException {
        Database database = bloated(server);
        breakOff(database, "\"Jobs \"\"by\"\" id\"");
        database.execute("CREATE INDEX \"looks_ccnew\" ON \"Jobs\" (n)");
        Leftovers leftovers = new Leftovers(targets(database));
        assertThat(leftovers.list("shop")).singleElement().satisfies(found -> {
            assertThat(found.leftover().index()).isEqualTo(name("Jobs \"by\" id_ccnew"));
            assertThat(found.leftover().table()).isEqualTo(name("Jobs"));
            assertThat(found.dropped()).isFalse();
        });
        try (Session run = session(database)) {
            run.tryFence(database.number("SELECT '\"Jobs\"'::regclass::oid::bigint"));
            assertThat(leftovers.drop("shop").getFirst().kept().orElseThrow()).contains("A run is working");
        }
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> leftovers.drop("shop").stream().allMatch(Leftovers.Result::dropped));
        assertThat(leftovers.list("shop")).isEmpty();
        assertThat(database.number("SELECT count(*) FROM pg_class WHERE relname = 'looks_ccnew'"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void leftovers_of_the_toast_table_are_those_of_its_table(TestPostgres server) throws SQLException {
        Database database = bloated(server);
        database.execute("ALTER TABLE \"Jobs\" ADD body text");
        breakOffTable(database, "\"Jobs\"");
        long table = database.number("SELECT '\"Jobs\"'::regclass::oid::bigint");
        Leftovers leftovers = new Leftovers(targets(database));
        assertThat(leftovers.list("shop"))
                .extracting(found ->
                        found.leftover().table() + " " + found.leftover().index())
                .containsExactlyInAnyOrder(
                        "public.Jobs public.Jobs \"by\" id_ccold",
                        "public.Jobs pg_toast.pg_toast_" + table + "_index_ccold");
        Database owner = database.role("owner");
        database.execute("ALTER TABLE \"Jobs\" OWNER TO " + owner.user());
        assertThat(new Leftovers(targets(owner)).drop("shop"))
                .filteredOn(result -> result.leftover().index().schema().equals("pg_toast"))
                .singleElement()
                .satisfies(result -> assertThat(result.kept().orElseThrow()).contains("may not use schema pg_toast"));
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> leftovers.drop("shop").stream().allMatch(Leftovers.Result::dropped));
        assertThat(database.number(INVALID)).isZero();
        assertThat(database.number("SELECT count(*) FROM pg_index WHERE indrelid = '\"Jobs\"'::regclass"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void an_invalid_index_is_no_leftover_for_its_name_alone(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE payment (id int PRIMARY KEY, ccnew text)",
                "INSERT INTO payment SELECT i, 'a' FROM generate_series(1, 10) i",
                "CREATE INDEX payment_at ON payment (id DESC)");
        for (String index : List.of("payment_ccnew ON payment (ccnew)", "payment_at_ccold ON payment (ccnew DESC)")) {
            assertThatThrownBy(() -> database.execute("CREATE UNIQUE INDEX CONCURRENTLY " + index))
                    .hasMessageContaining("could not create unique index");
        }
        Leftovers leftovers = new Leftovers(targets(database));
        assertThat(leftovers.list("shop")).isEmpty();
        assertThat(leftovers.drop("shop")).isEmpty();
        assertThat(database.number(INVALID)).isEqualTo(2);
        assertThat(select(database, named(false, "payment_ccnew")).getFirst().refusal())
                .as("it may be rebuilt like any other that is named")
                .isEmpty();
    }

    @Test
    void a_key_without_overlaps_cannot_be_rebuilt_concurrently() throws SQLException {
        Database database = TestPostgres.newest().database();
        database.execute(
                "CREATE TABLE room (id int4range, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS),"
                        + " UNIQUE (during, id WITHOUT OVERLAPS))",
                "INSERT INTO room SELECT int4range(i, i + 1), daterange('2020-01-01', '2026-01-01')"
                        + " FROM generate_series(1, 100) i");
        List<ReindexRequest> all = select(database, order(List.of(), List.of(name("room")), true));
        assertThat(all).hasSize(2).allSatisfy(request -> {
            assertThat(request.refusal().orElseThrow()).contains("key without overlaps");
            assertThat(run(database, request).skipped()).isTrue();
        });
    }

    /** Rebuilds a table's indexes and gives up where the old ones wait for a reader before they go: they stay, invalid. */
    private static void breakOffTable(Database database, String table) throws SQLException {
        try (Connection reader = database.connect();
                Connection builder = database.connect()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("LOCK TABLE " + table + " IN ACCESS SHARE MODE");
            builder.createStatement().execute("SET statement_timeout = '1s'");
            assertThatThrownBy(() -> builder.createStatement().execute("REINDEX TABLE CONCURRENTLY " + table))
                    .hasMessageContaining("statement timeout");
            reader.rollback();
        }
    }

    /** Begins a rebuild that has to wait for a writer, and cancels it there: an invalid index stays. */
    private static void breakOff(Database database, String index) throws SQLException {
        try (Connection writer = database.connect();
                Connection builder = database.connect()) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("UPDATE \"Jobs\" SET n = n + 1 WHERE id = 1");
            builder.createStatement().execute("SET statement_timeout = '300ms'");
            assertThatThrownBy(() -> builder.createStatement().execute("REINDEX INDEX CONCURRENTLY " + index))
                    .isInstanceOf(SQLException.class);
            writer.rollback();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void neither_a_fillfactor_in_hexadecimal_nor_a_lack_of_statistics_hides_bloat(TestPostgres server)
            throws SQLException {
        Database database = bloated(server);
        database.execute(
                "CREATE EXTENSION pgstattuple",
                "ALTER TABLE \"Jobs\" ALTER n SET STATISTICS 0",
                "INSERT INTO \"Jobs\" SELECT i, i FROM generate_series(200000, 300000) i",
                "CREATE INDEX loose ON \"Jobs\" (n) WITH (fillfactor = '0x32')",
                "DELETE FROM \"Jobs\" WHERE id > 200000 AND id % 20 <> 1",
                "VACUUM ANALYZE \"Jobs\"");
        assertThat(select(database, order()))
                .extracting(ReindexRequest::index)
                .containsExactlyInAnyOrder(name("Jobs \"by\" id"), name("loose"));
        database.execute("REINDEX INDEX loose");
        assertThat(select(database, order())).extracting(ReindexRequest::index).containsExactly(name("Jobs \"by\" id"));
    }

    private static Database bloated(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE \"Jobs\" (id int, n int) WITH (autovacuum_enabled = off)",
                "INSERT INTO \"Jobs\" SELECT i, 0 FROM generate_series(1, 100000) i",
                "CREATE INDEX \"Jobs \"\"by\"\" id\" ON \"Jobs\" (id)",
                "DELETE FROM \"Jobs\" WHERE id % 20 <> 1",
                "VACUUM ANALYZE \"Jobs\"");
        return database;
    }

    private Statements.End run(Database database, ReindexRequest request) throws SQLException {
        try (Session session = session(database)) {
            return Statements.run(session, step(request, false));
        }
    }

    private ReindexStep step(ReindexRequest request, boolean warns) {
        var context = warns ? Statements.warned() : Statements.after(Map.of());
        return new ReindexStep(request, context, rebuilds);
    }

    private static Session session(Database database) {
        return TestTargets.of("shop", database).openSession("caretaker/test");
    }

    private static Targets targets(Database database) {
        return new Targets(List.of(TestTargets.config("shop", database)));
    }

    private List<ReindexRequest> select(Database database, ReindexOrder order) {
        return new Reindexes(targets(database), rebuilds, null, Clock.systemUTC()).select(order);
    }

    private static TableName name(String name) {
        return new TableName("public", name);
    }

    private static ReindexOrder order() {
        return order(List.of(), List.of(), false);
    }

    private static ReindexOrder named(boolean force, String... indexes) {
        return order(Arrays.stream(indexes).map(ReindexTest::name).toList(), List.of(), force);
    }

    private static ReindexOrder order(List<TableName> indexes, List<TableName> tables, boolean force) {
        return new ReindexOrder(
                "shop",
                indexes,
                tables,
                new Worth(30, 100_000, 10, Duration.ofDays(10)),
                force,
                OptionalLong.of(1L << 40),
                RunTerms.of(new Actor("alice", true), Optional.empty()));
    }
}
