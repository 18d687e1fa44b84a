package dev.caretaker.server.target.catalog;

import static dev.caretaker.server.target.catalog.CatalogFacts.facts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogPartitionsTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_partition_tree_is_read_with_every_kind_of_bound(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE e (ts timestamptz, kind text, n int) PARTITION BY RANGE (ts)",
                "CREATE TABLE e_old PARTITION OF e FOR VALUES FROM (MINVALUE) TO ('2025-01-01 00:00+01')",
                "CREATE TABLE e_2025 PARTITION OF e FOR VALUES FROM ('2025-01-01 00:00+01') TO ('2026-01-01')"
                        + " PARTITION BY LIST (lower(kind))",
                "CREATE TABLE e_2025_ab PARTITION OF e_2025 FOR VALUES IN ('it''s', NULL)",
                "CREATE TABLE e_2025_rest PARTITION OF e_2025 DEFAULT PARTITION BY HASH (n, ts)",
                "CREATE TABLE e_2025_rest_0 PARTITION OF e_2025_rest FOR VALUES WITH (MODULUS 2, REMAINDER 0)");
        TableFacts facts = facts(database, "e");
        assertThat(facts.table().partitionKey().orElseThrow())
                .isEqualTo(new PartitionKey(
                        PartitionKey.Strategy.RANGE, List.of(Optional.of("ts")), "RANGE (ts)", Optional.empty()));
        assertThat(facts.partitions())
                .extracting(partition -> partition.name().name())
                .containsExactly("e_2025", "e_old", "e_2025_ab", "e_2025_rest", "e_2025_rest_0");
        assertThat(facts.partitions().stream()
                        .map(p -> p.membership().orElseThrow().bound()))
                .containsExactly(
                        new PartitionBound.Range(
                                List.of(new PartitionBound.Value("2024-12-31 23:00:00+00")),
                                List.of(new PartitionBound.Value("2026-01-01 00:00:00+00"))),
                        new PartitionBound.Range(
                                List.of(new PartitionBound.Min()),
                                List.of(new PartitionBound.Value("2024-12-31 23:00:00+00"))),
                        new PartitionBound.Values(List.of(Optional.of("it's"), Optional.empty())),
                        new PartitionBound.Default(),
                        new PartitionBound.Hash(2, 0));
        Relation list = facts.partitions().getFirst();
        PartitionKey key = list.partitionKey().orElseThrow();
        assertThat(key.columns()).containsExactly(Optional.empty());
        assertThat(key.defaultPartition()).contains(facts.partitions().get(3).oid());
        assertThat(facts.partitions().get(3).partitionKey().orElseThrow().columns())
                .containsExactly(Optional.of("n"), Optional.of("ts"));
        Relation leaf = facts(database, "e_2025_ab").table();
        assertThat(leaf.membership().orElseThrow().parentOid()).isEqualTo(list.oid());
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_detach_that_was_not_finished_is_seen(TestPostgres server) throws Exception {
        Database database = server.database();
        database.execute(
                "CREATE TABLE e (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE e_0 PARTITION OF e FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM (10) TO (20)");
        try (Connection reader = database.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.executeQuery("SELECT count(*) FROM e").close();
            try (Connection other = database.connect();
                    Statement detach = other.createStatement()) {
                detach.execute("SET statement_timeout = '500ms'");
                assertThat(catchThrowable(() -> detach.execute("ALTER TABLE e DETACH PARTITION e_0 CONCURRENTLY")))
                        .hasMessageContaining("statement timeout");
            }
        }
        assertThat(facts(database, "e").partitions())
                .extracting(
                        p -> p.name().name(), p -> p.membership().orElseThrow().detachPending())
                .containsExactly(tuple("e_0", true), tuple("e_1", false));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void triggers_on_delete_are_seen_on_partitions_too(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
                "CREATE TABLE parent (id int PRIMARY KEY)",
                "CREATE TABLE e (id int PRIMARY KEY REFERENCES parent) PARTITION BY RANGE (id)",
                "CREATE TABLE e_0 PARTITION OF e FOR VALUES FROM (0) TO (10)",
                "CREATE TRIGGER each BEFORE DELETE OR UPDATE ON e FOR EACH ROW EXECUTE FUNCTION f()",
                "CREATE TRIGGER inserts AFTER INSERT ON e FOR EACH ROW EXECUTE FUNCTION f()",
                "CREATE TRIGGER statement AFTER DELETE ON e_0 FOR EACH STATEMENT EXECUTE FUNCTION f()",
                "ALTER TABLE e_0 DISABLE TRIGGER statement");
        Relation leaf = facts(database, "e").partitions().getFirst();
        assertThat(leaf.triggers())
                .containsExactly(
                        new Trigger(
                                "each", Trigger.Timing.BEFORE, true, true, false, Trigger.Enabled.ORIGIN, "public.f"),
                        new Trigger(
                                "statement",
                                Trigger.Timing.AFTER,
                                false,
                                true,
                                false,
                                Trigger.Enabled.DISABLED,
                                "public.f"));
        Relation parent = facts(database, "parent").table();
        assertThat(parent.triggers()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void partitions_that_are_alike_share_their_columns_and_keep_how_their_own_rows_lie(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE many (id int, at timestamptz, note text) PARTITION BY RANGE (id)",
                "CREATE TABLE one PARTITION OF many FOR VALUES FROM (0) TO (100)",
                "CREATE TABLE two PARTITION OF many FOR VALUES FROM (100) TO (200)",
                "CREATE TABLE other (note text, dropped int, at timestamptz, id int)",
                "ALTER TABLE other DROP COLUMN dropped",
                "ALTER TABLE many ATTACH PARTITION other FOR VALUES FROM (200) TO (300)",
                "INSERT INTO many SELECT i, timestamptz '2026-01-01Z' + i * interval '1 min', 'x'"
                        + " FROM generate_series(0, 99) i",
                "INSERT INTO many SELECT i, timestamptz '2026-01-01Z' - i * interval '1 min', NULL"
                        + " FROM generate_series(200, 299) i",
                "ANALYZE many");
        TableFacts facts = facts(database, "many");
        Map<String, Relation> partitions = facts.partitions().stream()
                .collect(Collectors.toMap(partition -> partition.name().name(), partition -> partition));
        Relation one = partitions.get("one");
        assertThat(one.columns()).isSameAs(partitions.get("two").columns());
        assertThat(one.columns()).extracting(Column::name).containsExactly("id", "at", "note");
        assertThat(partitions.get("other").columns()).extracting(Column::name).containsExactly("note", "at", "id");
        assertThat(facts.table().column("note").orElseThrow().statistics().nullFraction())
                .isEqualTo(0.5);

        assertThat(one.figures().rowBytes()).hasValue(4 + 8 + 2);
        assertThat(one.figures().correlation("at")).hasValue(1);
        assertThat(partitions.get("other").figures().correlation("at")).hasValue(-1);
        assertThat(partitions.get("two").figures().rowBytes()).isEmpty();
        assertThat(partitions.get("two").figures().correlation("at")).isEmpty();
        assertThat(one.figures().correlation("gone")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void publications_reach_partitions_and_replica_identity_is_checked(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE keyed (id int PRIMARY KEY)",
                "CREATE TABLE e (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE e_0 PARTITION OF e FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE inserts_only (id int)",
                "CREATE PUBLICATION pub FOR TABLE keyed, e",
                "CREATE PUBLICATION ins FOR TABLE inserts_only WITH (publish = 'insert')");
        assertThat(facts(database, "keyed").table().deletesCannotBePublished()).isFalse();
        Relation leaf = facts(database, "e").partitions().getFirst();
        assertThat(leaf.publications())
                .containsExactly(new Publication("pub", true, true, List.of(), List.of(), List.of()));
        assertThat(leaf.deletesCannotBePublished()).isTrue();
        assertThat(facts(database, "inserts_only").table().deletesCannotBePublished())
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Timeout(20)
    void a_table_locked_by_somebody_else_is_read_without_waiting(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE e (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE e_0 PARTITION OF e FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM (10) TO (20)",
                "CREATE TABLE c (id int)",
                "INSERT INTO e SELECT i FROM generate_series(0, 19) i");
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE e_0 IN ACCESS EXCLUSIVE MODE");
            TableFacts facts = facts(database, "e");
            assertThat(facts.partitions())
                    .extracting(leaf -> leaf.size().measured())
                    .containsExactly(false, true);
        }
    }
}
