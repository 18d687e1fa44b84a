package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IndexChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    /** A plain, a partitioned and a mixed-case table, each with two rows of the same a. */
    private static final String[] TABLES = {
        "CREATE TABLE plain (id int, a int, b text)",
        "CREATE TABLE parted (id int, a int, b text) PARTITION BY RANGE (id)",
        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100)",
        "CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (100) TO (200)",
        "CREATE SCHEMA \"My Schema\"",
        "CREATE TABLE \"My Schema\".\"Odd \"\"Table\" (id int, \"A b\" int, b text)",
        "INSERT INTO plain VALUES (1, 1), (2, 1)",
        "INSERT INTO parted VALUES (1, 1), (2, 1), (101, 1), (102, 1)",
        "INSERT INTO \"My Schema\".\"Odd \"\"Table\" VALUES (1, 1), (2, 1)"
    };

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-invalid")
    void an_index_whose_concurrent_build_failed_is_invalid(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        for (String index : List.of(
                "uniq ON plain (a)",
                "uniq_p ON parted_1 (a)",
                "\"Uniq Q\" ON \"My Schema\".\"Odd \"\"Table\" (\"A b\")")) {
            assertThatThrownBy(() -> scene.plant("CREATE UNIQUE INDEX CONCURRENTLY " + index))
                    .hasMessageContaining("could not create unique index");
        }
        scene.finds("index-invalid", "public.uniq", "public.uniq_p", "My Schema.Uniq Q");
        assertThat(scene.on("My Schema.Uniq Q", "index-invalid").remediation())
                .as("as long as there are duplicates, a rebuild fails too")
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-invalid")
    @Mends("index-invalid")
    void leftovers_of_reindex_are_named_as_such_and_dropped(TestPostgres server) throws Exception {
        Scene scene = Scene.on(server, TABLES);
        String cut = "an index whose name is long so that that of its copy is cut ö";
        scene.plant(
                "CREATE INDEX low ON plain (lower(b) DESC) INCLUDE (a) WHERE a > 0",
                "CREATE INDEX \"" + cut + "\" ON \"My Schema\".\"Odd \"\"Table\" (b text_pattern_ops)");
        interruptedRebuild(scene, "plain");
        interruptedRebuild(scene, "\"My Schema\".\"Odd \"\"Table\"");
        String toast = "pg_toast_%s_index_ccnew";
        long plain = scene.database().number("SELECT 'plain'::regclass::oid::bigint");
        long odd = scene.database().number("SELECT '\"My Schema\".\"Odd \"\"Table\"'::regclass::oid::bigint");
        scene.finds(
                "index-invalid",
                "public.low_ccnew",
                "public." + toast.formatted(plain),
                "My Schema.an index whose name is long so that that of its copy is c_ccnew",
                "My Schema." + toast.formatted(odd));
        assertThat(scene.on("public.low_ccnew", "index-invalid").message())
                .contains("leftover of an interrupted REINDEX CONCURRENTLY");
        assertThat(scene.on("public.low_ccnew", "index-invalid").remediation())
                .contains("DROP INDEX CONCURRENTLY public.low_ccnew;");
        scene.mend("index-invalid");
        scene.spares("index-invalid");
        assertThat(scene.database().number("SELECT count(*) FROM pg_class WHERE relname IN ('low', '" + cut + "')"))
                .isEqualTo(2);
    }

    /** A rebuild of a table's indexes that must give up, because a transaction that read the table is open. */
    private static void interruptedRebuild(Scene scene, String table) throws SQLException {
        try (Connection reader = scene.database().connect();
                Connection builder = scene.database().connect();
                Statement read = reader.createStatement();
                Statement rebuild = builder.createStatement()) {
            reader.setAutoCommit(false);
            read.execute("SELECT FROM " + table);
            rebuild.execute("SET statement_timeout = '500ms'");
            assertThatThrownBy(() -> rebuild.execute("REINDEX TABLE CONCURRENTLY " + table))
                    .hasMessageContaining("statement timeout");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-invalid")
    void the_name_of_a_leftover_alone_proves_nothing(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES).plant("CREATE INDEX idx ON plain (b)");
        assertThatThrownBy(() -> scene.plant("CREATE UNIQUE INDEX CONCURRENTLY plain_ccnew ON plain (a)"))
                .hasMessageContaining("could not create unique index");
        assertThatThrownBy(() -> scene.plant("CREATE UNIQUE INDEX CONCURRENTLY idx_ccold1 ON plain (a)"))
                .hasMessageContaining("could not create unique index");
        scene.finds("index-invalid", "public.plain_ccnew", "public.idx_ccold1");
        for (RawFinding finding : scene.run("index-invalid").findings()) {
            assertThat(finding.message())
                    .contains("is invalid: its build failed or was interrupted")
                    .contains("no copy of another index");
            assertThat(finding.remediation())
                    .as("a rebuild would fail on the same rows")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-invalid")
    @Mends("index-invalid")
    void an_invalid_copy_of_a_valid_index_is_dropped_whatever_its_name(TestPostgres server) throws Exception {
        Scene scene = Scene.on(server, TABLES).plant("CREATE INDEX serves ON plain (a)");
        try (Connection reader = scene.database().connect();
                Connection builder = scene.database().connect();
                Statement read = reader.createStatement();
                Statement build = builder.createStatement()) {
            reader.setAutoCommit(false);
            read.execute("UPDATE plain SET b = 'x'");
            build.execute("SET statement_timeout = '500ms'");
            assertThatThrownBy(() -> build.execute("CREATE INDEX CONCURRENTLY again ON plain (a)"))
                    .hasMessageContaining("statement timeout");
            assertThatThrownBy(() -> build.execute("CREATE INDEX CONCURRENTLY other ON plain (b)"))
                    .hasMessageContaining("statement timeout");
        }
        assertThat(scene.on("public.again", "index-invalid").message())
                .contains("index serves has the same definition and is valid");
        assertThat(scene.on("public.again", "index-invalid").remediation())
                .contains("DROP INDEX CONCURRENTLY public.again;");
        assertThat(scene.on("public.other", "index-invalid").remediation())
                .contains("REINDEX INDEX CONCURRENTLY public.other;");
        scene.mend("index-invalid");
        scene.spares("index-invalid");
        scene.spares("index-duplicate");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("index-invalid")
    void an_index_that_is_being_built_is_not_reported(TestPostgres server) throws Exception {
        Scene scene = Scene.on(server, TABLES);
        try (Connection blocker = scene.database().connect();
                Connection builder = scene.database().connect();
                Statement writer = blocker.createStatement();
                Statement build = builder.createStatement()) {
            blocker.setAutoCommit(false);
            writer.execute("INSERT INTO plain VALUES (3, 3)");
            Thread building = Thread.ofVirtual().start(() -> {
                try {
                    build.execute("CREATE INDEX CONCURRENTLY slow ON plain (a)");
                } catch (java.sql.SQLException e) {
                    throw new AssertionError(e);
                }
            });
            Scene.eventually(
                    () -> scene.database()
                            .number("SELECT count(*) FROM pg_index WHERE NOT indisvalid AND indexrelid >= 16384"),
                    1L);
            scene.spares("index-invalid");
            blocker.commit();
            building.join();
        }
        scene.spares("index-invalid");
    }

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

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds({"index-bloat", "index-bloat-exact"})
    @Mends("index-bloat")
    void an_index_after_a_big_delete_is_bloated(TestPostgres server) {
        Scene scene = bloated(
                server,
                "DELETE FROM plain WHERE id % 20 <> 0",
                "DELETE FROM parted WHERE id % 20 <> 0",
                "DELETE FROM \"My Schema\".\"Odd \"\"Table\" WHERE id % 20 <> 0");
        scene.finds(
                "index-bloat", List.of("min_bytes=100000"), "public.i_plain", "public.i_parted_1", "My Schema.i \"q\"");
        scene.finds(
                "index-bloat-exact",
                List.of("min_bytes=100000"),
                "public.i_plain",
                "public.i_parted_1",
                "My Schema.i \"q\"");
        RawFinding exact = scene.on("public.i_plain", "index-bloat-exact", "min_bytes=100000");
        RawFinding estimate = scene.on("public.i_plain", "index-bloat", "min_bytes=100000");
        assertThat(estimate.impact()).isCloseTo(exact.impact(), org.assertj.core.data.Percentage.withPercentage(25));
        scene.mend("index-bloat", "min_bytes=100000");
        scene.spares("index-bloat", "min_bytes=100000");
        scene.spares("index-bloat-exact", "min_bytes=100000");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares({"index-bloat", "index-bloat-exact"})
    void a_fresh_index_is_not_bloated_whatever_its_fillfactor(TestPostgres server) {
        Scene scene = bloated(server, "ALTER INDEX i_plain SET (fillfactor = 50)", "REINDEX INDEX i_plain");
        scene.spares("index-bloat", "min_bytes=100000");
        scene.spares("index-bloat-exact", "min_bytes=100000");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares({"index-bloat", "index-bloat-exact"})
    void a_fillfactor_is_the_same_however_it_is_written(TestPostgres server) {
        for (String fifty : List.of("0x32", " +50 ", "062", "5e1", "0x1.9p5", "49.9")) {
            Scene scene =
                    bloated(server, "ALTER INDEX i_plain SET (fillfactor = '" + fifty + "')", "REINDEX INDEX i_plain");
            scene.spares("index-bloat", "min_bytes=100000");
            scene.spares("index-bloat-exact", "min_bytes=100000");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-bloat")
    void an_index_without_statistics_is_seen_unless_nobody_knows_its_width(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE TABLE quiet (id int, v text) WITH (autovacuum_enabled = off)",
                "ALTER TABLE quiet ALTER id SET STATISTICS 0, ALTER v SET STATISTICS 0",
                "INSERT INTO quiet SELECT g, g::text FROM generate_series(1, 50000) g",
                "CREATE INDEX by_id ON quiet (id)",
                "CREATE INDEX by_text ON quiet (v)",
                "DELETE FROM quiet WHERE id % 20 <> 0",
                "VACUUM ANALYZE quiet");
        scene.finds("index-bloat", List.of("min_bytes=100000"), "public.by_id");
        assertThat(scene.run("index-bloat", "min_bytes=100000").reason())
                .isEqualTo("public.by_text: no statistics of column v are there, or may be seen");
    }

    private static Scene bloated(TestPostgres server, String... changes) {
        Scene scene = Scene.on(server, TABLES);
        scene.plant(
                "CREATE EXTENSION pgstattuple",
                "INSERT INTO plain SELECT g, g, md5(g::text) FROM generate_series(1000, 60000) g",
                "CREATE TABLE parted_3 PARTITION OF parted FOR VALUES FROM (1000) TO (100000)",
                "INSERT INTO parted SELECT g, g, md5(g::text) FROM generate_series(1000, 60000) g",
                "INSERT INTO \"My Schema\".\"Odd \"\"Table\" SELECT g, g, md5(g::text) FROM generate_series(1000, 60000) g",
                "CREATE INDEX i_plain ON plain (b)",
                "CREATE INDEX i_parted_1 ON parted_3 (b, a)",
                "CREATE INDEX \"i \"\"q\"\"\" ON \"My Schema\".\"Odd \"\"Table\" (lower(b))");
        scene.plant(changes);
        return scene.plant("VACUUM ANALYZE");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("foreign-key-unindexed")
    @Mends("foreign-key-unindexed")
    void a_foreign_key_needs_an_index_that_begins_with_its_columns(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        scene.plant(
                "CREATE TABLE pair (x int, y int, PRIMARY KEY (x, y))",
                "CREATE TABLE one (x int PRIMARY KEY)",
                "INSERT INTO one VALUES (1)",
                "CREATE TABLE bare (a int CONSTRAINT bare_a REFERENCES one, b int, c int,"
                        + " CONSTRAINT bare_bc FOREIGN KEY (b, c) REFERENCES pair)",
                // None of these serves: partial, other column first, other method.
                "CREATE INDEX ON bare (a) WHERE b > 0",
                "CREATE INDEX ON bare (c, a, b)",
                "CREATE INDEX ON bare USING brin (a)",
                "ALTER TABLE parted ADD CONSTRAINT parted_a FOREIGN KEY (a) REFERENCES one",
                "CREATE INDEX ON parted_1 (a)",
                "ALTER TABLE \"My Schema\".\"Odd \"\"Table\" ADD CONSTRAINT \"Odd FK\" FOREIGN KEY (\"A b\") REFERENCES one");
        scene.finds(
                "foreign-key-unindexed",
                "public.bare.bare_a",
                "public.bare.bare_bc",
                "public.parted.parted_a",
                "My Schema.Odd \"Table.Odd FK");
        assertThat(scene.run("foreign-key-unindexed").findings())
                .extracting(RawFinding::severity)
                .as("the tables are small")
                .containsOnly(Severity.INFO);
        assertThat(scene.run("foreign-key-unindexed", "warning_rows=0").findings())
                .extracting(RawFinding::severity)
                .containsOnly(Severity.WARNING);
        assertThat(scene.on("public.parted.parted_a", "foreign-key-unindexed").remediation())
                .contains("CREATE INDEX CONCURRENTLY ON public.parted_2 (a);\nCREATE INDEX ON public.parted (a);");
        scene.mend("foreign-key-unindexed");
        scene.spares("foreign-key-unindexed");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("foreign-key-unindexed")
    void a_foreign_key_is_served_by_an_index_on_its_columns_in_any_order(TestPostgres server) {
        Scene scene = Scene.on(server, TABLES);
        scene.plant(
                "CREATE TABLE pair (x int, y int, PRIMARY KEY (x, y))",
                "CREATE TABLE one (x int PRIMARY KEY)",
                "INSERT INTO one VALUES (1)",
                "CREATE TABLE child (a int REFERENCES one, b int, c int, FOREIGN KEY (b, c) REFERENCES pair)",
                "CREATE INDEX ON child USING hash (a)",
                "CREATE TABLE sparse (\"A b\" int REFERENCES one, b int, c int, FOREIGN KEY (b, c) REFERENCES pair)",
                "CREATE INDEX ON sparse (\"A b\") WHERE \"A b\" IS NOT NULL",
                "CREATE INDEX ON sparse (b, c) WHERE c IS NOT NULL AND b IS NOT NULL",
                "CREATE INDEX ON child (c, b, a)",
                "ALTER TABLE parted ADD FOREIGN KEY (a) REFERENCES one",
                "CREATE INDEX ON parted_1 (a)",
                "CREATE INDEX ON parted_2 (a)");
        scene.spares("foreign-key-unindexed");
        assertThat(scene.run("foreign-key-unindexed", "min_rows=1000000").findings())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("index-missing")
    void a_big_table_that_is_read_whole_often_may_lack_an_index(TestPostgres server) throws Exception {
        Scene scene = scanned(server, 12);
        scene.finds(
                "index-missing",
                List.of("min_rows=1000", "min_scans=10"),
                "public.plain",
                "public.parted_3",
                "My Schema.Odd \"Table");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("index-missing")
    void a_table_that_is_small_or_read_whole_rarely_is_spared(TestPostgres server) throws Exception {
        Scene scene = scanned(server, 12);
        scene.finds(
                "index-missing",
                List.of("min_rows=1000", "min_scans=10"),
                "public.plain",
                "public.parted_3",
                "My Schema.Odd \"Table");
        scene.spares("index-missing");
        // Each row deleted from what it references reads it whole: that is told by another check.
        scene.plant(
                "CREATE TABLE referenced (id bigint PRIMARY KEY)",
                "ALTER TABLE plain ADD later bigint REFERENCES referenced");
        scene.finds(
                "index-missing", List.of("min_rows=1000", "min_scans=10"), "public.parted_3", "My Schema.Odd \"Table");
        scene.spares("index-missing", "min_rows=1000");
        scene.spares("index-missing", "min_rows=5000", "min_scans=10");
    }

    private static Scene scanned(TestPostgres server, int times) throws Exception {
        Scene scene = Scene.on(server, TABLES);
        scene.plant(
                "INSERT INTO plain SELECT g, g FROM generate_series(1000, 3000) g",
                "CREATE TABLE parted_3 PARTITION OF parted FOR VALUES FROM (1000) TO (100000)",
                "INSERT INTO parted SELECT g, g FROM generate_series(1000, 3000) g",
                "INSERT INTO \"My Schema\".\"Odd \"\"Table\" SELECT g, g FROM generate_series(1000, 3000) g",
                "ANALYZE");
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < times; i++) {
                statement.execute("SELECT count(*) FROM plain WHERE b = 'x'");
                statement.execute("SELECT count(*) FROM parted_3 WHERE b = 'x'");
                statement.execute("SELECT count(*) FROM \"My Schema\".\"Odd \"\"Table\" WHERE b = 'x'");
            }
        }
        return scene;
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("server-concurrent-builds")
    void a_server_older_than_the_fix_is_reported(TestPostgres server) {
        Scene.on(server).finds("server-concurrent-builds", List.of("fixed_in=999999"), "PostgreSQL");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("server-concurrent-builds")
    void a_server_with_the_fix_is_spared(TestPostgres server) {
        Scene.on(server).spares("server-concurrent-builds");
    }
}
