package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.IndexedTables.TABLES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IndexBloatChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

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
}
