package dev.caretaker.server.target.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    void names_are_taken_exactly(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE SCHEMA \"My \"\"Schema\"",
                "CREATE TABLE \"My \"\"Schema\".\"Job.Occurrences; --\" (\"Id\" uuid PRIMARY KEY, \"End Time\" timestamptz)",
                "CREATE TABLE joboccurrences (id int)");
        TableName name = new TableName("My \"Schema", "Job.Occurrences; --");
        TableFacts facts = read(database, name).orElseThrow();
        assertThat(facts.table().name()).isEqualTo(name);
        assertThat(facts.table().columns()).extracting(Column::name).containsExactly("Id", "End Time");
        assertThat(facts.leaves()).containsExactly(facts.table());
        assertThat(read(database, new TableName("public", "JobOccurrences"))).isEmpty();
        assertThat(read(database, new TableName("nowhere", "joboccurrences"))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void columns_tell_their_types_and_statistics(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE SCHEMA app",
                "CREATE DOMAIN app.moment AS timestamptz(3) NOT NULL",
                "CREATE DOMAIN app.later AS app.moment",
                "CREATE TYPE app.mood AS ENUM ('good', 'bad')",
                "CREATE TABLE app.t (gone int, at app.later, n numeric(10, 2), m app.mood, tags text[],"
                        + " twice numeric GENERATED ALWAYS AS (n * 2) STORED)",
                "ALTER TABLE app.t DROP COLUMN gone",
                "INSERT INTO app.t SELECT now(), CASE WHEN i % 4 = 0 THEN NULL ELSE i END, 'good', NULL"
                        + " FROM generate_series(1, 400) i",
                "ANALYZE app.t",
                "ALTER DATABASE " + database.name() + " SET search_path = app");
        Relation table = read(database, new TableName("app", "t")).orElseThrow().table();
        assertThat(table.columns())
                .extracting(Column::name, Column::number, Column::type, Column::baseType, Column::category)
                .containsExactly(
                        tuple("at", 2, "app.later", "timestamp with time zone", 'D'),
                        tuple("n", 3, "numeric(10,2)", "numeric", 'N'),
                        tuple("m", 4, "app.mood", "app.mood", 'E'),
                        tuple("tags", 5, "text[]", "text[]", 'A'),
                        tuple("twice", 6, "numeric", "numeric", 'N'));
        assertThat(table.column("n").orElseThrow().statistics().nullFraction()).isEqualTo(0.25);
        assertThat(table.column("twice").orElseThrow().generated()).isTrue();
        assertThat(table.statistics().rows()).isEqualTo(400);
        // The statistics collector of PostgreSQL 14 takes its time.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(read(database, table.name())
                                .orElseThrow()
                                .table()
                                .statistics()
                                .lastAnalyze())
                        .isPresent());
        assertThat(table.size().measured()).isTrue();
        assertThat(table.size().heap()).isPositive();
        assertThat(table.method()).contains("heap");
    }

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
        TableFacts facts = read(database, new TableName("public", "e")).orElseThrow();
        assertThat(facts.table().partitionKey().orElseThrow())
                .isEqualTo(new PartitionKey(
                        PartitionKey.Strategy.RANGE, List.of(Optional.of("ts")), "RANGE (ts)", Optional.empty()));
        assertThat(facts.partitions())
                .extracting(partition -> partition.name().name())
                .containsExactly("e_2025", "e_old", "e_2025_ab", "e_2025_rest", "e_2025_rest_0");
        assertThat(facts.leaves())
                .extracting(leaf -> leaf.name().name())
                .containsExactly("e_old", "e_2025_ab", "e_2025_rest_0");
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
        assertThat(facts.partitions()
                        .get(4)
                        .membership()
                        .orElseThrow()
                        .parentKey()
                        .columns())
                .containsExactly(Optional.of("n"), Optional.of("ts"));
        TableFacts leaf = read(database, new TableName("public", "e_2025_ab")).orElseThrow();
        assertThat(leaf.table().membership().orElseThrow().parent()).isEqualTo(new TableName("public", "e_2025"));
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
        assertThat(read(database, new TableName("public", "e")).orElseThrow().partitions())
                .extracting(
                        p -> p.name().name(), p -> p.membership().orElseThrow().detachPending())
                .containsExactly(tuple("e_0", true), tuple("e_1", false));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void indexes_tell_what_a_planner_must_know(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, \"Status\" int, at timestamptz, name text)",
                "CREATE INDEX by_status ON t (\"Status\", at DESC NULLS LAST) INCLUDE (name)",
                "CREATE INDEX partial ON t (at) WHERE \"Status\" = 2",
                "CREATE INDEX expression ON t (lower(name), id)",
                "CREATE INDEX special ON t (name text_pattern_ops)",
                "CREATE INDEX sorted ON t (name COLLATE \"C\")",
                "CREATE INDEX blocks ON t USING brin (at)",
                "INSERT INTO t VALUES (1, 1, now(), 'a'), (2, 1, now(), 'a')");
        try {
            database.execute("CREATE UNIQUE INDEX CONCURRENTLY broken ON t (name)");
        } catch (AssertionError expected) {
            assertThat(expected).hasMessageContaining("could not create unique index");
        }
        Relation table =
                read(database, new TableName("public", "t")).orElseThrow().table();
        assertThat(table.indexes())
                .extracting(index -> index.name().name())
                .containsExactly(
                        "blocks", "broken", "by_status", "expression", "partial", "sorted", "special", "t_pkey");
        Index byStatus = index(table, "by_status");
        assertThat(byStatus.key())
                .containsExactly(
                        new Index.KeyColumn(Optional.of("Status"), false, false, true, true),
                        new Index.KeyColumn(Optional.of("at"), true, false, true, true));
        assertThat(byStatus.included()).containsExactly("name");
        assertThat(byStatus.isUsable()).isTrue();
        assertThat(index(table, "broken").isUsable()).isFalse();
        assertThat(index(table, "partial").isUsable()).isFalse();
        assertThat(index(table, "partial").definition()).endsWith("WHERE (\"Status\" = 2)");
        assertThat(index(table, "expression").key())
                .extracting(Index.KeyColumn::column)
                .containsExactly(Optional.empty(), Optional.of("id"));
        assertThat(index(table, "special").key().getFirst().defaultOperators()).isFalse();
        assertThat(index(table, "sorted").key().getFirst().ownCollation()).isFalse();
        assertThat(index(table, "blocks").method()).isEqualTo("brin");
        assertThat(index(table, "t_pkey").primary()).isTrue();
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
        Relation leaf = read(database, new TableName("public", "e"))
                .orElseThrow()
                .leaves()
                .getFirst();
        assertThat(leaf.triggers())
                .containsExactly(
                        new Trigger("each", Trigger.Timing.BEFORE, true, Trigger.Enabled.ORIGIN, "public.f"),
                        new Trigger("statement", Trigger.Timing.AFTER, false, Trigger.Enabled.DISABLED, "public.f"));
        Relation parent =
                read(database, new TableName("public", "parent")).orElseThrow().table();
        assertThat(parent.triggers()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void foreign_keys_are_followed_through_cascades(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE root (a int, b int, PRIMARY KEY (a, b))",
                "CREATE TABLE \"Child\" (id int PRIMARY KEY, x int, y int, CONSTRAINT to_root FOREIGN KEY (y, x)"
                        + " REFERENCES root (a, b) ON DELETE CASCADE)",
                "CREATE INDEX ON \"Child\" (x, y, id)",
                "CREATE TABLE grandchild (id int PRIMARY KEY REFERENCES \"Child\" ON DELETE CASCADE,"
                        + " up int REFERENCES grandchild ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED)",
                "CREATE TABLE leaf (id int REFERENCES grandchild ON DELETE RESTRICT)",
                "CREATE INDEX ON leaf (id) WHERE id > 0");
        TableFacts facts = read(database, new TableName("public", "root")).orElseThrow();
        assertThat(facts.incoming())
                .extracting(
                        ForeignKey::depth,
                        key -> key.child().name(),
                        ForeignKey::childColumns,
                        ForeignKey::parentColumns,
                        ForeignKey::onDelete,
                        ForeignKey::childIndexed)
                .containsExactly(
                        tuple(1, "Child", List.of("y", "x"), List.of("a", "b"), ForeignKey.OnDelete.CASCADE, true),
                        tuple(2, "grandchild", List.of("id"), List.of("id"), ForeignKey.OnDelete.CASCADE, true),
                        tuple(3, "grandchild", List.of("up"), List.of("id"), ForeignKey.OnDelete.SET_NULL, false),
                        tuple(3, "leaf", List.of("id"), List.of("id"), ForeignKey.OnDelete.RESTRICT, false));
        ForeignKey self = facts.incoming().get(2);
        assertThat(self.childOid()).isEqualTo(self.parentOid());
        assertThat(self.initiallyDeferred()).isTrue();
        TableFacts child = read(database, new TableName("public", "Child")).orElseThrow();
        assertThat(child.outgoing()).extracting(ForeignKey::name).containsExactly("to_root");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void an_index_that_leaves_out_nothing_but_nulls_serves_a_foreign_key(TestPostgres server) {
        Database database = server.database();
        database.execute("CREATE TABLE parent (a int, \"B\" int, PRIMARY KEY (a, \"B\"))");
        Map<String, Boolean> serves = Map.of(
                "a IS NOT NULL", true,
                "\"B\" IS NOT NULL AND a IS NOT NULL", true,
                "\"B\" IS NOT NULL AND other IS NOT NULL", false,
                "a IS NOT NULL OR \"B\" IS NOT NULL", false,
                "a IS NULL", false,
                "a > 0", false);
        int number = 0;
        for (String predicate : serves.keySet()) {
            String child = "child_" + ++number;
            database.execute(
                    "CREATE TABLE " + child + " (a int, \"B\" int, other int,"
                            + " FOREIGN KEY (a, \"B\") REFERENCES parent ON DELETE CASCADE)",
                    "CREATE INDEX ON " + child + " (a, \"B\") WHERE " + predicate);
            assertThat(read(database, new TableName("public", "parent"))
                            .orElseThrow()
                            .incoming())
                    .filteredOn(key -> key.child().name().equals(child))
                    .extracting(ForeignKey::childIndexed)
                    .as(predicate)
                    .containsExactly(serves.get(predicate));
        }
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
        TableFacts facts = read(database, new TableName("public", "many")).orElseThrow();
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
    void a_cycle_of_cascades_ends(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE a (id int PRIMARY KEY, b int)",
                "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE)",
                "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b ON DELETE CASCADE");
        assertThat(read(database, new TableName("public", "a")).orElseThrow().incoming())
                .extracting(ForeignKey::depth, key -> key.child().name())
                .containsExactly(tuple(1, "b"), tuple(2, "a"));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_foreign_key_between_partitioned_tables_is_told_once(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE p_0 PARTITION OF p FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (10) TO (20)",
                "CREATE TABLE c (pid int CONSTRAINT ref REFERENCES p) PARTITION BY LIST (pid)",
                "CREATE TABLE c_0 PARTITION OF c FOR VALUES IN (0)",
                "CREATE TABLE c_1 PARTITION OF c FOR VALUES IN (1)",
                "CREATE INDEX ON c_0 (pid)",
                "CREATE TABLE direct (pid int CONSTRAINT to_leaf REFERENCES p_0)");
        TableFacts facts = read(database, new TableName("public", "p")).orElseThrow();
        assertThat(facts.incoming())
                .extracting(
                        ForeignKey::name,
                        key -> key.child().name(),
                        key -> key.parent().name(),
                        ForeignKey::childIndexed)
                .containsExactly(tuple("ref", "c", "p", false), tuple("to_leaf", "direct", "p_0", false));
        database.execute("CREATE INDEX ON c_1 (pid)");
        assertThat(read(database, new TableName("public", "p"))
                        .orElseThrow()
                        .incoming()
                        .getFirst()
                        .childIndexed())
                .isTrue();
        assertThat(read(database, new TableName("public", "c")).orElseThrow().outgoing())
                .extracting(ForeignKey::name)
                .containsExactly("ref");
        TableFacts leaf = read(database, new TableName("public", "p_0")).orElseThrow();
        assertThat(leaf.incoming()).extracting(key -> key.child().name()).containsExactly("c", "direct");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void rules_row_security_inheritance_and_rights_are_seen(TestPostgres server) {
        Database database = server.database();
        Database role = database.role("reader");
        database.execute(
                "CREATE TABLE t (id int)",
                "CREATE TABLE heir () INHERITS (t)",
                "CREATE TABLE \"Heir 2\" () INHERITS (heir)",
                "CREATE RULE keep AS ON DELETE TO t DO INSTEAD NOTHING",
                "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
                "GRANT SELECT ON t TO " + role.user(),
                "CREATE VIEW v AS SELECT * FROM t");
        TableFacts facts = read(role, new TableName("public", "t")).orElseThrow();
        assertThat(facts.inheritanceChildren()).extracting(TableName::name).containsExactly("Heir 2", "heir");
        assertThat(facts.table().rules()).containsExactly(new RewriteRule("keep", "DELETE", true, true));
        assertThat(facts.table().rowSecurity()).isEqualTo(new Relation.RowSecurity(true, false, true));
        assertThat(facts.table().rights()).isEqualTo(new Relation.Rights(true, true, false, false, false, false));
        TableFacts asOwner = read(database, new TableName("public", "t")).orElseThrow();
        assertThat(asOwner.table().rowSecurity().appliesToUs()).isFalse();
        assertThat(asOwner.table().rights()).isEqualTo(new Relation.Rights(true, true, true, true, true, true));
        Relation view =
                read(database, new TableName("public", "v")).orElseThrow().table();
        assertThat(view.kind()).isEqualTo(RelationKind.VIEW);
        assertThat(view.rules()).isEmpty();
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
        assertThat(read(database, new TableName("public", "keyed"))
                        .orElseThrow()
                        .table()
                        .deletesCannotBePublished())
                .isFalse();
        Relation leaf = read(database, new TableName("public", "e"))
                .orElseThrow()
                .leaves()
                .getFirst();
        assertThat(leaf.publications()).containsExactly(new Publication("pub", true));
        assertThat(leaf.deletesCannotBePublished()).isTrue();
        assertThat(read(database, new TableName("public", "inserts_only"))
                        .orElseThrow()
                        .table()
                        .deletesCannotBePublished())
                .isFalse();
    }

    @Test
    void a_publication_of_a_schema_is_seen() {
        Database database = TestPostgres.newest().database();
        database.execute("CREATE TABLE t (id int)", "CREATE PUBLICATION pub FOR TABLES IN SCHEMA public");
        assertThat(read(database, new TableName("public", "t"))
                        .orElseThrow()
                        .table()
                        .publications())
                .containsExactly(new Publication("pub", true));
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
            TableFacts facts = read(database, new TableName("public", "e")).orElseThrow();
            assertThat(facts.leaves())
                    .extracting(leaf -> leaf.size().measured())
                    .containsExactly(false, true);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void who_holds_back_vacuum_is_named(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute("CREATE TABLE t (id int)");
        Target target = TestTargets.of("app", database);
        try (Connection old = database.connect();
                Connection preparing = database.connect();
                Statement oldStatement = old.createStatement();
                Statement prepare = preparing.createStatement()) {
            oldStatement.execute("SET application_name = 'old report'");
            old.setAutoCommit(false);
            old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            oldStatement.executeQuery("SELECT 1").close();
            prepare.execute("BEGIN");
            prepare.execute("INSERT INTO t VALUES (1)");
            prepare.execute("PREPARE TRANSACTION 'gid of " + database.name() + "'");
            try {
                XminHorizon horizon = target.withPrimary(Catalog::xminHorizon);
                assertThat(horizon.complete()).isTrue();
                assertThat(horizon.holders())
                        .extracting(XminHolder::kind)
                        .containsExactlyInAnyOrder(XminHolder.Kind.BACKEND, XminHolder.Kind.PREPARED_TRANSACTION);
                assertThat(horizon.holders())
                        .anySatisfy(holder -> assertThat(holder.description())
                                .contains("old report")
                                .contains("idle in transaction"));
                assertThat(horizon.holders())
                        .anySatisfy(holder -> assertThat(holder.name()).isEqualTo("gid of " + database.name()));
            } finally {
                prepare.execute("ROLLBACK PREPARED 'gid of " + database.name() + "'");
            }
        }
        Target poor = TestTargets.of("app", database.role("poor"));
        assertThat(poor.withPrimary(Catalog::xminHorizon).complete()).isFalse();
    }

    @Test
    void reading_leaves_the_connection_as_it_was() throws SQLException {
        Database database = TestPostgres.newest().database();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = public");
            Catalog.table(connection, new TableName("public", "t"));
            assertThat(connection.getAutoCommit()).isTrue();
            try (var row = statement.executeQuery("SHOW search_path")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("public");
            }
            connection.setAutoCommit(false);
            assertThatIllegalStateException().isThrownBy(() -> Catalog.table(connection, new TableName("public", "t")));
        }
    }

    private static Optional<TableFacts> read(Database database, TableName name) {
        return TestTargets.of("app", database).withPrimary(connection -> Catalog.table(connection, name));
    }

    private static Index index(Relation table, String name) {
        return table.indexes().stream()
                .filter(index -> index.name().name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
