package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.FilledTables.MOST_DELETED;
import static dev.caretaker.server.detect.FilledTables.tables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StatisticsChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("statistics-stale")
    @Mends("statistics-stale")
    void a_table_that_changed_much_since_it_was_analyzed_is_stale(TestPostgres server) {
        Scene scene = tables(server)
                .plant(MOST_DELETED)
                .plant("CREATE TABLE fresh (id int)", "INSERT INTO fresh SELECT generate_series(1, 3000)");
        scene.finds(
                "statistics-stale",
                List.of("min_rows=500"),
                "public.plain",
                "public.parted_2",
                "My Schema.Odd \"Table",
                "public.fresh");
        assertThat(scene.on("public.fresh", "statistics-stale").message()).contains("never analyzed");
        scene.mend("statistics-stale", "min_rows=500");
        Scene.eventually(
                () -> scene.run("statistics-stale", "min_rows=500").findings().size(), 0);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("statistics-stale")
    void a_table_that_changed_little_is_not_stale(TestPostgres server) {
        Scene scene = tables(server).plant("UPDATE plain SET a = 0 WHERE id % 20 = 0");
        scene.finds("statistics-stale", List.of("min_rows=50", "min_percent=1"), "public.plain");
        scene.spares("statistics-stale", "min_rows=50");
        scene.spares("statistics-stale", "min_percent=1");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partitioned-never-analyzed")
    @Spares("partitioned-never-analyzed")
    @Mends("partitioned-never-analyzed")
    void a_partitioned_table_is_analyzed_only_by_hand(TestPostgres server) {
        Scene scene = tables(server)
                .plant(
                        "CREATE TABLE \"My Schema\".\"Parted Too\" (id int) PARTITION BY RANGE (id)",
                        "CREATE TABLE \"My Schema\".\"Part 1\" PARTITION OF \"My Schema\".\"Parted Too\""
                                + " FOR VALUES FROM (0) TO (100)",
                        "INSERT INTO \"My Schema\".\"Parted Too\" VALUES (1)",
                        "ANALYZE \"My Schema\".\"Part 1\"",
                        "CREATE TABLE hollow (id int) PARTITION BY RANGE (id)",
                        "CREATE TABLE hollow_1 PARTITION OF hollow FOR VALUES FROM (0) TO (100)");
        scene.finds("partitioned-never-analyzed", "public.parted", "My Schema.Parted Too");
        scene.mend("partitioned-never-analyzed");
        scene.spares("partitioned-never-analyzed");
    }
}
