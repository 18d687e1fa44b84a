package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.DailyPartitions.TODAY;
import static dev.caretaker.server.detect.DailyPartitions.daily;
import static dev.caretaker.server.detect.DailyPartitions.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionGapChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-gap")
    @Mends("partition-gap")
    void gaps_between_ranges_are_found_and_can_be_filled(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        for (String table : List.of("days", "\"My Schema\".\"Odd Days\"")) {
            daily(scene, table, "timestamptz", -3, -1);
            partition(scene, table, "far", TODAY.plusDays(5), TODAY.plusDays(6));
        }
        scene.plant(
                "CREATE TABLE numbers (id bigint) PARTITION BY RANGE (id)",
                "CREATE TABLE numbers_1 PARTITION OF numbers FOR VALUES FROM (MINVALUE) TO (10)",
                "CREATE TABLE numbers_2 PARTITION OF numbers FOR VALUES FROM (100) TO (200)",
                "CREATE TABLE numbers_3 PARTITION OF numbers FOR VALUES FROM (9000000000) TO (MAXVALUE)");
        scene.finds("partition-gap", "public.days", "My Schema.Odd Days", "public.numbers", "public.numbers");
        assertThat(scene.on("public.days", "partition-gap").severity())
                .as("rows of now are refused")
                .isEqualTo(Severity.CRITICAL);
        assertThat(scene.on("public.numbers", "partition-gap").severity()).isEqualTo(Severity.WARNING);
        scene.mend("partition-gap");
        scene.spares("partition-gap");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-gap")
    @Mends("partition-gap")
    void missing_partitions_get_names_that_are_free_and_differ(TestPostgres server) {
        String twin = "\"öööööööööö a name; that \"\"ends\"\" in a number, is lo";
        Scene scene = Scene.on(
                server,
                "CREATE TABLE hours (at timestamptz) PARTITION BY RANGE (at)",
                "CREATE TABLE hours_1 PARTITION OF hours FOR VALUES FROM ('2020-11-20 00:00Z') TO ('2020-11-20 03:00Z')",
                "CREATE TABLE hours_2 PARTITION OF hours FOR VALUES FROM ('2020-11-20 04:00Z') TO ('2020-11-20 07:00Z')",
                "CREATE TABLE hours_3 PARTITION OF hours FOR VALUES FROM ('2020-11-20 08:00Z') TO ('2020-12-20 00:00Z')",
                "CREATE TABLE days (d date) PARTITION BY RANGE (d)",
                "CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('0044-03-15 BC') TO ('0044-03-16 BC')",
                "CREATE TABLE days_2 PARTITION OF days FOR VALUES FROM ('0044-03-15') TO ('0044-03-16')",
                "CREATE TABLE days_3 PARTITION OF days FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
                "CREATE TYPE days_gap_0044_03_16 AS ENUM ()");
        for (String table : List.of(twin + "1\"", twin + "2\"")) {
            scene.plant("CREATE TABLE " + table + " (n numeric) PARTITION BY RANGE (n)");
            for (String range : List.of("(-10) TO (-5)", "(0) TO (5)", "(10) TO (15)")) {
                String part = "part_" + Integer.toHexString((table + range).hashCode());
                scene.plant("CREATE TABLE " + part + " PARTITION OF " + table + " FOR VALUES FROM " + range);
            }
        }
        assertThat(scene.run("partition-gap").findings()).hasSize(8);
        scene.mend("partition-gap");
        scene.spares("partition-gap");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("partition-gap")
    void ranges_that_touch_are_spared_and_a_default_makes_a_gap_harmless(TestPostgres server) {
        Scene scene = Scene.on(server);
        daily(scene, "days", "date", -3, 3);
        scene.plant(
                "CREATE TABLE texts (t text) PARTITION BY RANGE (t)",
                "CREATE TABLE texts_1 PARTITION OF texts FOR VALUES FROM ('a') TO ('b')",
                "CREATE TABLE texts_2 PARTITION OF texts FOR VALUES FROM ('x') TO ('z')");
        scene.spares("partition-gap");
        scene.plant(
                "CREATE TABLE n (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE n_1 PARTITION OF n FOR VALUES FROM (0) TO (1)",
                "CREATE TABLE n_2 PARTITION OF n FOR VALUES FROM (5) TO (6)",
                "CREATE TABLE n_d PARTITION OF n DEFAULT");
        assertThat(scene.only("partition-gap").severity()).isEqualTo(Severity.INFO);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-default-rows")
    @Spares("partition-default-rows")
    void rows_in_a_default_partition_are_found(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        for (String table : List.of("plain", "\"My Schema\".\"Odd\"", "hollow")) {
            daily(scene, table, "timestamptz", -3, 3);
        }
        scene.plant(
                "CREATE TABLE plain_d PARTITION OF plain DEFAULT",
                "CREATE TABLE \"My Schema\".\"Odd D\" PARTITION OF \"My Schema\".\"Odd\" DEFAULT",
                "CREATE TABLE hollow_d PARTITION OF hollow DEFAULT");
        scene.spares("partition-default-rows");
        scene.plant(
                "INSERT INTO plain VALUES ('2001-01-01'), (now())",
                "INSERT INTO \"My Schema\".\"Odd\" VALUES ('2001-01-01')",
                "INSERT INTO hollow VALUES (now())");
        scene.finds("partition-default-rows", "public.plain_d", "My Schema.Odd D");
        assertThat(scene.on("public.plain_d", "partition-default-rows").blocksCleanup())
                .isTrue();
    }
}
