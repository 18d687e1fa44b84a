package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.FilledTables.MOST_DELETED;
import static dev.caretaker.server.detect.FilledTables.ODD;
import static dev.caretaker.server.detect.FilledTables.tables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TableSizeChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("table-bloat")
    void a_table_whose_rows_are_mostly_gone_is_bloated(TestPostgres server) {
        Scene scene = tables(server).plant(MOST_DELETED).plant("VACUUM (ANALYZE, TRUNCATE off)");
        scene.finds(
                "table-bloat", List.of("min_bytes=100000"), "public.plain", "public.parted_2", "My Schema.Odd \"Table");
        double wasted =
                scene.on("public.plain", "table-bloat", "min_bytes=100000").impact();
        double before = scene.database().number("SELECT pg_relation_size('plain')");
        scene.plant("VACUUM FULL plain");
        double really = before - scene.database().number("SELECT pg_relation_size('plain')");
        assertThat(wasted).isCloseTo(really, org.assertj.core.data.Percentage.withPercentage(15));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("table-bloat")
    void a_full_table_is_not_bloated_nor_is_one_with_a_low_fillfactor(TestPostgres server) {
        Scene scene =
                tables(server).plant("ALTER TABLE plain SET (fillfactor = 40)", "VACUUM FULL plain", "VACUUM ANALYZE");
        scene.spares("table-bloat", "min_bytes=0");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("table-bloat")
    void a_column_without_statistics_hides_no_bloat_unless_nobody_knows_its_width(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE TABLE fixed (id int PRIMARY KEY, v text, w int, t timestamptz)",
                "ALTER TABLE fixed ALTER w SET STATISTICS 0, ALTER t SET STATISTICS 0",
                "CREATE TABLE blind (id int PRIMARY KEY, v text)",
                "ALTER TABLE blind ALTER v SET STATISTICS 0",
                "CREATE TABLE hexed (id int PRIMARY KEY, v text) WITH (fillfactor = '0x64')",
                "INSERT INTO fixed SELECT g, repeat('x', 200), g, now() FROM generate_series(1, 5000) g",
                "INSERT INTO blind SELECT g, repeat('x', 200) FROM generate_series(1, 5000) g",
                "INSERT INTO hexed SELECT g, repeat('x', 200) FROM generate_series(1, 5000) g");
        boolean virtual = server == TestPostgres.newest();
        if (virtual) {
            scene.plant("ALTER TABLE fixed ADD n int GENERATED ALWAYS AS (length(v)) VIRTUAL");
        }
        scene.plant(
                "DELETE FROM fixed WHERE id % 10 <> 0 AND id < 4900",
                "DELETE FROM hexed WHERE id % 10 <> 0 AND id < 4900", "VACUUM ANALYZE fixed, blind, hexed");
        scene.finds("table-bloat", List.of("min_bytes=100000"), "public.fixed", "public.hexed");
        assertThat(scene.run("table-bloat", "min_bytes=100000").reason())
                .isEqualTo("public.blind: no statistics of column v are there, or may be seen");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("table-large")
    @Spares("table-large")
    void the_size_is_that_of_the_table_with_all_its_partitions_and_indexes(TestPostgres server) {
        Scene scene = tables(server);
        scene.finds(
                "table-large", List.of("min_bytes=800000"), "public.plain", "public.parted", "My Schema.Odd \"Table");
        // All but the free space and visibility maps, which are a few pages.
        assertThat(scene.on("public.plain", "table-large", "min_bytes=0").impact())
                .isCloseTo(
                        scene.database().number("SELECT pg_total_relation_size('plain')"),
                        org.assertj.core.data.Offset.offset(50_000.0));
        scene.spares("table-large");
        scene.spares("table-large", "min_bytes=3000000");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("table-growth")
    @Spares("table-growth")
    void growth_is_told_from_an_earlier_size(TestPostgres server) {
        Scene scene = tables(server);
        scene.spares("table-growth", "min_bytes_per_day=0");
        String two = "(now() - interval '2 days')";
        scene.withHistory((String) scene.database()
                .value("SELECT jsonb_build_array("
                        + "jsonb_build_object('taken', " + two
                        + ", 'schema', 'public', 'name', 'plain', 'bytes', 8192),"
                        + "jsonb_build_object('taken', " + two
                        + ", 'schema', 'public', 'name', 'parted', 'bytes', 8192),"
                        + "jsonb_build_object('taken', " + two
                        + ", 'schema', 'public', 'name', 'dropped', 'bytes', 8192),"
                        + "jsonb_build_object('taken', " + two
                        + ", 'schema', 'My Schema', 'name', 'Odd \"Table', 'bytes', 8192)"
                        + ")::text"));
        scene.finds(
                "table-growth",
                List.of("min_bytes_per_day=100000"),
                "public.plain",
                "public.parted",
                "My Schema.Odd \"Table");
        scene.spares("table-growth");
        scene.spares("table-growth", "min_bytes_per_day=100000", "min_days=3");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("large-values")
    void a_column_with_large_values_is_found_by_sampling(TestPostgres server) {
        Scene scene = tables(server);
        String large = "(SELECT string_agg(md5(random()::text || n), '') FROM generate_series(1, 600) n)";
        scene.plant(
                "ALTER TABLE plain ADD payload jsonb",
                "UPDATE plain SET payload = to_jsonb(" + large + ") WHERE id <= 200",
                "UPDATE parted SET b = " + large + " WHERE id > 1900",
                "DELETE FROM parted WHERE id BETWEEN 1001 AND 1900",
                "ALTER TABLE " + ODD + " ADD \"Pay \"\"load\" text",
                "UPDATE " + ODD + " SET \"Pay \"\"load\" = " + large + " WHERE id <= 200");
        scene.finds("large-values", "public.plain.payload", "public.parted_2.b", "My Schema.Odd \"Table.Pay \"load");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("large-values")
    void a_column_with_few_large_values_or_well_compressed_ones_is_spared(TestPostgres server) {
        Scene scene = tables(server);
        scene.plant(
                "UPDATE plain SET b = (SELECT string_agg(md5(random()::text || n), '') FROM generate_series(1, 6000) n)"
                        + " WHERE id <= 20",
                "UPDATE parted SET b = repeat('x', 20000)");
        scene.spares("large-values");
    }
}
