package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.IndexedTables.TABLES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MissingIndexChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

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
}
