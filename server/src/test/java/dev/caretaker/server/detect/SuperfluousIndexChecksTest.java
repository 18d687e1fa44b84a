package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.IndexedTables.TABLES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SuperfluousIndexChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-duplicate")
    @Mends("index-duplicate")
    void the_younger_of_two_equal_indexes_is_a_duplicate(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        scene.plant(
                "CREATE INDEX first ON plain (a, b)",
                "CREATE INDEX second ON plain (a, b)",
                "CREATE INDEX low1 ON plain (lower(b)) WHERE a > 0",
                "CREATE INDEX low2 ON plain USING btree     (lower(  b  )) WHERE (a > 0)",
                "CREATE INDEX p1 ON parted (a)",
                "CREATE INDEX p2 ON parted (a)",
                "CREATE INDEX local ON parted_1 (a)",
                "CREATE INDEX \"Q1\" ON \"My Schema\".\"Odd \"\"Table\" (\"A b\")",
                "CREATE INDEX \"Q2\" ON \"My Schema\".\"Odd \"\"Table\" (\"A b\")",
                "ALTER TABLE plain ADD CONSTRAINT key UNIQUE (id)",
                "CREATE UNIQUE INDEX bare ON plain (id)");
        scene.finds(
                "index-duplicate",
                "public.second",
                "public.low2",
                "public.p2",
                "public.local",
                "My Schema.Q2",
                "public.bare");
        scene.mend("index-duplicate");
        scene.spares("index-duplicate");
        assertThat(scene.database()
                        .number("SELECT count(*) FROM pg_class WHERE relname IN ('first', 'low1', 'p1', 'Q1', 'key')"))
                .isEqualTo(5);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("index-duplicate")
    void indexes_that_differ_in_anything_are_no_duplicates(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        scene.plant(
                "CREATE INDEX ON plain (a, b)",
                "CREATE INDEX ON plain (b, a)",
                "CREATE INDEX ON plain (a, b DESC)",
                "CREATE INDEX ON plain (a, b text_pattern_ops)",
                "CREATE INDEX ON plain (a, b COLLATE \"C\")",
                "CREATE INDEX ON plain (a) INCLUDE (b)",
                "CREATE INDEX ON plain (a, b) WHERE a > 0",
                "CREATE INDEX ON plain (a, b) WHERE a > 1",
                "CREATE INDEX ON plain (lower(b))",
                "CREATE INDEX ON plain (upper(b))",
                "CREATE INDEX ON plain USING hash (a)",
                "CREATE UNIQUE INDEX ON plain (id, a, b)",
                "CREATE INDEX ON plain (id, a, b)",
                // Two constraints: each must keep its index.
                "ALTER TABLE plain ADD UNIQUE (id)",
                "ALTER TABLE plain ADD CONSTRAINT again UNIQUE (id)",
                "CREATE INDEX ON parted (a)",
                "CREATE INDEX ON parted_1 (b)");
        scene.spares("index-duplicate");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-redundant")
    @Mends("index-redundant")
    void an_index_on_leading_columns_of_another_is_redundant(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        scene.plant(
                "CREATE INDEX short ON plain (a)",
                "CREATE INDEX long ON plain (a, b)",
                "CREATE INDEX low ON plain (lower(b)) WHERE a > 0",
                "CREATE INDEX low_long ON plain (lower(b), upper(b), a) WHERE a > 0",
                "CREATE INDEX with_b ON plain (id) INCLUDE (b)",
                "CREATE INDEX long_b ON plain (id, a) INCLUDE (b)",
                "CREATE INDEX p_short ON parted (a)",
                "CREATE INDEX p_long ON parted (a, id)",
                "CREATE INDEX \"Q short\" ON \"My Schema\".\"Odd \"\"Table\" (\"A b\")",
                "CREATE UNIQUE INDEX \"Q long\" ON \"My Schema\".\"Odd \"\"Table\" (\"A b\", id)");
        scene.finds(
                "index-redundant",
                "public.short",
                "public.low",
                "public.with_b",
                "public.p_short",
                "My Schema.Q short");
        scene.mend("index-redundant");
        scene.spares("index-redundant");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("index-redundant")
    void an_index_that_can_more_than_the_longer_one_is_not_redundant(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        scene.plant(
                "CREATE INDEX ON plain (a DESC)",
                "CREATE INDEX ON plain (a, b)",
                "CREATE INDEX ON plain (b text_pattern_ops)",
                "CREATE INDEX ON plain (b COLLATE \"C\")",
                "CREATE INDEX ON plain (b, a)",
                "CREATE INDEX ON parted (id) INCLUDE (b)",
                "CREATE INDEX ON parted (id, a)",
                "CREATE INDEX ON plain (lower(b))",
                "CREATE INDEX ON plain (lower(b || 'x'), a)",
                "CREATE INDEX ON plain (length(b)) WHERE a > 0",
                "CREATE INDEX ON plain (length(b), a)",
                "CREATE INDEX ON plain USING hash (a)",
                "CREATE UNIQUE INDEX ON plain (id, a)",
                "ALTER TABLE plain ADD UNIQUE (id, a, b)");
        scene.spares("index-redundant");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-unused")
    void an_index_that_was_never_scanned_is_unused(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        scene.plant(
                "CREATE INDEX unused ON plain (a)",
                "CREATE INDEX unused_p ON parted (a)",
                "CREATE INDEX \"Unused Q\" ON \"My Schema\".\"Odd \"\"Table\" (\"A b\")",
                "SELECT pg_stat_reset()");
        List<String> loose = List.of("min_bytes=0", "min_days=0");
        scene.finds("index-unused", loose, "public.unused", "public.unused_p", "My Schema.Unused Q");
        assertThat(scene.on("public.unused", "index-unused", "min_bytes=0", "min_days=0")
                        .confidence())
                .isEqualTo(Confidence.ESTIMATED);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("index-unused")
    void an_index_that_is_used_unique_small_or_watched_too_briefly_is_spared(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        scene.plant(
                "CREATE INDEX used ON parted (a)",
                "CREATE UNIQUE INDEX uniq ON plain (id)",
                "ALTER TABLE plain ADD CONSTRAINT pk PRIMARY KEY (id)",
                "CREATE TABLE child (p int REFERENCES plain)",
                "CREATE INDEX serves_foreign_key ON child (p)");
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET enable_seqscan = off");
            statement.execute("SELECT * FROM parted_2 WHERE a = 1");
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
        Scene.eventually(
                () -> scene.run("index-unused", "min_bytes=0", "min_days=0")
                        .findings()
                        .size(),
                0);
        scene.plant("CREATE INDEX small ON plain (a)");
        scene.spares("index-unused", "min_days=0");
        scene.plant("SELECT pg_stat_reset()");
        Scene.eventually(() -> scene.run("index-unused", "min_bytes=0").unseen(), 2L);
        assertThat(scene.run("index-unused", "min_bytes=0").findings()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("index-unused")
    void scans_on_the_replica_count(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        scene.plant("CREATE INDEX reports ON plain (a)", "SELECT pg_stat_reset()");
        scene.finds("index-unused", List.of("min_bytes=0", "min_days=0"), "public.reports");
        long index = scene.database().number("SELECT 'reports'::regclass::oid::bigint");
        scene.withReplicaScans("{\"since\": \"2020-01-01Z\", \"scans\": {\"" + index + "\": 3}}");
        scene.spares("index-unused", "min_bytes=0", "min_days=0");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("index-unused")
    void statistics_of_the_replica_must_be_as_old_as_those_of_the_primary(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        scene.plant("CREATE INDEX reports ON plain (a)", "SELECT pg_stat_reset()");
        String[] loose = {"min_bytes=0", "min_days=0.0001"};
        scene.withReplicaScans("{\"since\": \"2020-01-01Z\", \"scans\": {}}");
        Scene.eventually(() -> scene.run("index-unused", loose).findings().size(), 1);
        assertThat(scene.only("index-unused", loose).confidence()).isEqualTo(Confidence.ESTIMATED);
        scene.withReplicaScans("{\"since\": null, \"scans\": {}}");
        assertThat(scene.only("index-unused", loose).confidence()).isEqualTo(Confidence.HEURISTIC);
        scene.withReplicaScans("{\"since\": \"" + java.time.Instant.now() + "\", \"scans\": {}}");
        assertThat(scene.run("index-unused", "min_bytes=0", "min_days=1").unseen())
                .isEqualTo(1);
    }
}
