package dev.caretaker.server.target.catalog;

import static dev.caretaker.server.target.catalog.CatalogFacts.facts;
import static dev.caretaker.server.target.catalog.CatalogFacts.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
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
import java.util.Optional;
import org.junit.jupiter.api.Test;
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
                "CREATE TABLE \"My \"\"Schema\".\"Job.Occurrences; --\" (\"Id\" uuid PRIMARY KEY, \"End Time\""
                        + " timestamptz)",
                "CREATE TABLE joboccurrences (id int)");
        TableName name = new TableName("My \"Schema", "Job.Occurrences; --");
        TableFacts facts = read(database, name).orElseThrow();
        assertThat(facts.table().name()).isEqualTo(name);
        assertThat(facts.table().columns()).extracting(Column::name).containsExactly("Id", "End Time");
        assertThat(facts.partitions()).isEmpty();
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
        database.execute("DELETE FROM app.t WHERE n < 11");
        // The statistics collector of PostgreSQL 14 takes its time.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(read(database, table.name())
                                .orElseThrow()
                                .table()
                                .statistics()
                                .modifiedSinceAnalyze())
                        .isPositive());
        assertThat(table.size().measured()).isTrue();
        assertThat(table.size().heap()).isPositive();
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
        Relation table = facts(database, "t").table();
        assertThat(table.indexes())
                .extracting(index -> index.name().name())
                .containsExactly(
                        "blocks", "broken", "by_status", "expression", "partial", "sorted", "special", "t_pkey");
        Index byStatus = index(table, "by_status");
        assertThat(byStatus.key())
                .containsExactly(
                        new Index.KeyColumn(Optional.of("Status"), true, true),
                        new Index.KeyColumn(Optional.of("at"), true, true));
        assertThat(byStatus.isUsable()).isTrue();
        assertThat(index(table, "broken").isUsable()).isFalse();
        assertThat(index(table, "partial").isUsable()).isFalse();
        assertThat(index(table, "expression").key())
                .extracting(Index.KeyColumn::column)
                .containsExactly(Optional.empty(), Optional.of("id"));
        assertThat(index(table, "special").key().getFirst().defaultOperators()).isFalse();
        assertThat(index(table, "sorted").key().getFirst().ownCollation()).isFalse();
        assertThat(index(table, "blocks").method()).isEqualTo("brin");
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
        TableFacts facts = facts(role, "t");
        assertThat(facts.inheritanceChildren()).extracting(TableName::name).containsExactly("Heir 2", "heir");
        assertThat(facts.table().rules()).containsExactly(new RewriteRule("keep", "DELETE", true));
        assertThat(facts.table().rowSecurity()).isEqualTo(new Relation.RowSecurity(true, true));
        assertThat(facts.table().rights()).isEqualTo(new Relation.Rights(true, true, false, false, false));
        TableFacts asOwner = facts(database, "t");
        assertThat(asOwner.table().rowSecurity().appliesToUs()).isFalse();
        database.execute("ALTER TABLE t FORCE ROW LEVEL SECURITY", "ALTER TABLE t OWNER TO " + role.user());
        assertThat(facts(role, "t").table().rowSecurity().appliesToUs()).isTrue();
        assertThat(asOwner.table().rights()).isEqualTo(new Relation.Rights(true, true, true, true, true));
        Relation view = facts(database, "v").table();
        assertThat(view.kind()).isEqualTo(RelationKind.VIEW);
        assertThat(view.rules()).isEmpty();
    }

    @Test
    void a_publication_of_a_schema_is_seen() {
        Database database = TestPostgres.newest().database();
        database.execute("CREATE TABLE t (id int)", "CREATE PUBLICATION pub FOR TABLES IN SCHEMA public");
        assertThat(facts(database, "t").table().publications())
                .containsExactly(new Publication("pub", true, true, List.of(), List.of(), List.of()));
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

    private static Index index(Relation table, String name) {
        return table.indexes().stream()
                .filter(index -> index.name().name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
