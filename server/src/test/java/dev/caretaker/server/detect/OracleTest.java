package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.testing.TestPostgres;
import io.github.mfvanek.pg.connection.PgConnection;
import io.github.mfvanek.pg.connection.PgConnectionImpl;
import io.github.mfvanek.pg.core.checks.common.DatabaseCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.DuplicatedIndexesCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.ForeignKeysNotCoveredWithIndexCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.IndexesWithBloatCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.IntersectedIndexesCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.InvalidIndexesCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.NotValidConstraintsCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.SequenceOverflowCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.TablesWithBloatCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.TablesWithMissingIndexesCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.TablesWithoutPrimaryKeyCheckOnHost;
import io.github.mfvanek.pg.core.checks.host.UnusedIndexesCheckOnHost;
import io.github.mfvanek.pg.model.constraint.Constraint;
import io.github.mfvanek.pg.model.constraint.ForeignKey;
import io.github.mfvanek.pg.model.context.PgContext;
import io.github.mfvanek.pg.model.dbobject.DbObject;
import io.github.mfvanek.pg.model.index.DuplicatedIndexes;
import io.github.mfvanek.pg.model.index.IndexWithBloat;
import io.github.mfvanek.pg.model.index.UnusedIndex;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What pg-index-health finds we find, and where not, this says why. */
class OracleTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String[] TABLES = {
        "CREATE TABLE plain (id int PRIMARY KEY, a int, b text)",
        "CREATE TABLE \"Odd Table\" (id int, a int, b text)",
        "CREATE TABLE parted (id int, a int, b text, PRIMARY KEY (id)) PARTITION BY RANGE (id)",
        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100)",
    };

    private static PgConnection connection(Scene scene) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(scene.database().url());
        source.setUser(scene.database().user());
        source.setPassword(scene.database().password());
        return PgConnectionImpl.ofUrl(source, scene.database().url());
    }

    private static <T extends DbObject> List<T> theirs(DatabaseCheckOnHost<T> check) {
        return check.check(PgContext.of("public", 10.0, 20.0), object -> true);
    }

    private static String[] names(Stream<String> theirs) {
        return theirs.map(name -> "public." + name.replace("\"", "")).toArray(String[]::new);
    }

    private static String[] names(List<? extends DbObject> theirs) {
        return names(theirs.stream().map(DbObject::getName));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void invalid_indexes(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES).plant("INSERT INTO plain VALUES (1, 1), (2, 1)");
        assertThatThrownBy(() -> scene.plant("CREATE UNIQUE INDEX CONCURRENTLY \"Broken One\" ON plain (a)"))
                .hasMessageContaining("could not create unique index");
        scene.finds("index-invalid", names(theirs(new InvalidIndexesCheckOnHost(connection(scene)))));
        scene.finds("index-invalid", "public.Broken One");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void duplicate_indexes(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES)
                .plant(
                        "CREATE INDEX i1 ON plain (a, b)",
                        "CREATE INDEX i2 ON plain (a, b)",
                        "CREATE INDEX j1 ON \"Odd Table\" (lower(b)) WHERE a > 0",
                        "CREATE INDEX j2 ON \"Odd Table\" (lower(b)) WHERE a > 0",
                        "CREATE INDEX p1 ON parted (a)",
                        "CREATE INDEX p2 ON parted (a)");
        List<DuplicatedIndexes> theirs = theirs(new DuplicatedIndexesCheckOnHost(connection(scene)));
        // They name every copy, we all but the one that stays.
        assertThat(theirs).allMatch(copies -> copies.getIndexNames().size() == 2);
        scene.finds(
                "index-duplicate",
                names(theirs.stream()
                        .map(copies -> copies.getIndexNames().stream()
                                .sorted()
                                .toList()
                                .getLast())));
        scene.finds("index-duplicate", "public.i2", "public.j2", "public.p2");

        scene.plant(
                "CREATE INDEX d1 ON plain (b)",
                // Not copies for us: another order of rows, and another structure.
                "CREATE INDEX d2 ON plain (b DESC)",
                "CREATE INDEX d3 ON plain (b text_pattern_ops)");
        assertThat(theirs(new DuplicatedIndexesCheckOnHost(connection(scene)))).hasSize(4);
        scene.finds("index-duplicate", "public.i2", "public.j2", "public.p2");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void redundant_indexes(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES)
                .plant(
                        "CREATE INDEX short ON plain (a)",
                        "CREATE INDEX long ON plain (a, b)",
                        "CREATE INDEX \"P short\" ON parted (b)",
                        "CREATE INDEX \"Q long\" ON parted (b, a)");
        List<DuplicatedIndexes> theirs = theirs(new IntersectedIndexesCheckOnHost(connection(scene)));
        // They name both, we the one that the other covers.
        assertThat(theirs)
                .extracting(pair -> pair.getIndexNames().stream()
                        .map(name -> name.replace("\"", ""))
                        .sorted()
                        .toList())
                .containsExactlyInAnyOrder(List.of("long", "short"), List.of("P short", "Q long"));
        scene.finds("index-redundant", "public.short", "public.P short");

        scene.plant(
                "CREATE UNIQUE INDEX key ON \"Odd Table\" (id)",
                "CREATE INDEX wide ON \"Odd Table\" (id, a)",
                "CREATE INDEX pattern ON \"Odd Table\" (b text_pattern_ops)",
                "CREATE INDEX sorted ON \"Odd Table\" (b, a)");
        // Theirs too, but not for us: a unique index keeps rows apart, another operator class answers other questions.
        assertThat(theirs(new IntersectedIndexesCheckOnHost(connection(scene)))).hasSize(4);
        scene.finds("index-redundant", "public.short", "public.P short");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void unused_indexes(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES)
                .plant(
                        "CREATE INDEX idle ON plain (a)",
                        "CREATE INDEX \"Idle Too\" ON \"Odd Table\" (a)",
                        "CREATE UNIQUE INDEX uniq ON \"Odd Table\" (b)",
                        "CREATE TABLE child (p int REFERENCES plain)",
                        "CREATE INDEX serves ON child (p)");
        // An index that has been scanned fewer than fifty times is unused for them; how many is ours to be set.
        List<String> loose = List.of("min_bytes=0", "min_days=0", "max_scans=49");
        scene.finds(
                "index-unused",
                loose,
                names(theirs(new UnusedIndexesCheckOnHost(connection(scene))).stream()
                        .map(UnusedIndex::getIndexName)));
        scene.finds("index-unused", loose, "public.idle", "public.Idle Too");
        scene.plant("CREATE INDEX idle_p ON parted (a)");
        // They name the index of each partition, we the partitioned one.
        assertThat(theirs(new UnusedIndexesCheckOnHost(connection(scene))))
                .extracting(UnusedIndex::getIndexName)
                .contains("parted_1_a_idx");
        scene.finds("index-unused", loose, "public.idle", "public.Idle Too", "public.idle_p");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void tables_read_whole_too_often(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES)
                .plant(
                        "INSERT INTO plain SELECT g, g FROM generate_series(1, 500) g",
                        "INSERT INTO \"Odd Table\" SELECT g, g FROM generate_series(1, 500) g",
                        "INSERT INTO parted SELECT g, g FROM generate_series(1, 90) g")
                // Not by the session that inserted: it would tell the rows a second time.
                .plant("ANALYZE")
                .plant(
                        "DO $$ BEGIN FOR i IN 1..120 LOOP PERFORM sum(a) FROM plain; PERFORM sum(a) FROM parted; END LOOP; END $$",
                        "DO $$ BEGIN FOR i IN 1..20 LOOP PERFORM sum(a) FROM \"Odd Table\"; END LOOP; END $$");
        Scene.eventually(
                () -> List.of(names(theirs(new TablesWithMissingIndexesCheckOnHost(connection(scene))))),
                List.of("public.parted_1", "public.plain"));
        scene.finds("index-missing", List.of("min_rows=1"), "public.parted_1", "public.plain");
        // A table may be small for us: reading it whole is then the best there is.
        scene.finds("index-missing", List.of("min_rows=100"), "public.plain");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void bloat(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES)
                .plant(
                        "CREATE INDEX \"Odd A\" ON \"Odd Table\" (a)",
                        "INSERT INTO plain SELECT g, g, md5(g::text) FROM generate_series(1, 20000) g",
                        "INSERT INTO \"Odd Table\" SELECT g, g, md5(g::text) FROM generate_series(1, 20000) g",
                        "DELETE FROM \"Odd Table\" WHERE a % 5 > 0",
                        "VACUUM ANALYZE");
        scene.finds(
                "index-bloat",
                List.of("min_bytes=0", "min_percent=10"),
                names(theirs(new IndexesWithBloatCheckOnHost(connection(scene))).stream()
                        .map(IndexWithBloat::getIndexName)));
        scene.finds("index-bloat", List.of("min_bytes=0", "min_percent=10"), "public.Odd A");
        scene.finds(
                "table-bloat",
                List.of("min_bytes=0", "min_percent=10"),
                names(theirs(new TablesWithBloatCheckOnHost(connection(scene)))));
        scene.finds("table-bloat", List.of("min_bytes=0", "min_percent=10"), "public.Odd Table");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void foreign_keys_without_an_index(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES)
                .plant(
                        "ALTER TABLE plain ADD CONSTRAINT plain_a FOREIGN KEY (a) REFERENCES plain",
                        "ALTER TABLE \"Odd Table\" ADD CONSTRAINT \"Odd A\" FOREIGN KEY (a) REFERENCES plain",
                        "ALTER TABLE parted ADD CONSTRAINT parted_a FOREIGN KEY (a) REFERENCES plain",
                        "CREATE TABLE covered (id int PRIMARY KEY REFERENCES plain)");
        Function<ForeignKey, String> name = key -> key.getTableName() + "." + key.getConstraintName();
        scene.finds(
                "foreign-key-unindexed",
                names(theirs(new ForeignKeysNotCoveredWithIndexCheckOnHost(connection(scene))).stream()
                        .map(name)));
        scene.finds(
                "foreign-key-unindexed", "public.plain.plain_a", "public.Odd Table.Odd A", "public.parted.parted_a");

        scene.plant("CREATE INDEX ON plain (a) WHERE a > 10");
        // Enough for them, but a partial index finds only part of the referencing rows.
        assertThat(theirs(new ForeignKeysNotCoveredWithIndexCheckOnHost(connection(scene))))
                .hasSize(2);
        scene.finds(
                "foreign-key-unindexed", "public.plain.plain_a", "public.Odd Table.Odd A", "public.parted.parted_a");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void tables_without_a_primary_key(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        scene.finds(
                "table-without-primary-key", names(theirs(new TablesWithoutPrimaryKeyCheckOnHost(connection(scene)))));
        scene.finds("table-without-primary-key", "public.Odd Table");
        scene.plant("ALTER TABLE parted DROP CONSTRAINT parted_pkey");
        // They name each partition, we the table once.
        assertThat(names(theirs(new TablesWithoutPrimaryKeyCheckOnHost(connection(scene)))))
                .containsExactlyInAnyOrder("public.Odd Table", "public.parted", "public.parted_1");
        scene.finds("table-without-primary-key", "public.Odd Table", "public.parted");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void constraints_not_valid(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES)
                .plant(
                        "ALTER TABLE plain ADD CONSTRAINT small CHECK (a < 10) NOT VALID",
                        "ALTER TABLE \"Odd Table\" ADD CONSTRAINT \"Odd A\" FOREIGN KEY (a) REFERENCES plain NOT VALID");
        Function<Constraint, String> name =
                constraint -> constraint.getTableName() + "." + constraint.getConstraintName();
        scene.finds(
                "constraint-not-valid",
                names(theirs(new NotValidConstraintsCheckOnHost(connection(scene))).stream()
                        .map(name)));
        scene.finds("constraint-not-valid", "public.plain.small", "public.Odd Table.Odd A");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void sequences_near_their_end(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE SEQUENCE up MAXVALUE 1000",
                "CREATE SEQUENCE \"Down\" INCREMENT -1 MINVALUE -1000 MAXVALUE -1",
                "CREATE SEQUENCE young MAXVALUE 1000",
                "SELECT setval('up', 900)",
                "SELECT setval('\"Down\"', -900)",
                "SELECT setval('young', 700)");
        scene.finds("sequence-exhaustion", names(theirs(new SequenceOverflowCheckOnHost(connection(scene)))));
        scene.finds("sequence-exhaustion", "public.up", "public.Down");
    }
}
