package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.DailyPartitions.TODAY;
import static dev.caretaker.server.detect.DailyPartitions.counting;
import static dev.caretaker.server.detect.DailyPartitions.daily;
import static dev.caretaker.server.detect.DailyPartitions.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionRunwayChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-runway")
    void partitions_that_end_within_two_intervals_are_found(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        daily(scene, "soon", "timestamptz", -3, 0);
        daily(scene, "over", "date", -9, -5);
        daily(scene, "\"My Schema\".\"Over Too\"", "timestamp", -9, -5);
        scene.plant("CREATE TABLE \"My Schema\".\"Rest\" PARTITION OF \"My Schema\".\"Over Too\" DEFAULT");
        scene.finds("partition-runway", "public.soon", "public.over", "My Schema.Over Too");
        assertThat(scene.on("public.over", "partition-runway").severity()).isEqualTo(Severity.CRITICAL);
        assertThat(scene.on("My Schema.Over Too", "partition-runway").severity())
                .isEqualTo(Severity.WARNING);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-runway")
    void numbers_run_out_above_the_last_partition_that_holds_rows(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        numbered(scene, "few", 3);
        numbered(scene, "\"My Schema\".\"Few Too\"", 2);
        numbered(scene, "enough", 4);
        scene.plant(
                "INSERT INTO few VALUES (15)",
                "INSERT INTO \"My Schema\".\"Few Too\" VALUES (1)",
                "INSERT INTO enough VALUES (15)",
                "ANALYZE");
        scene.finds("partition-runway", "public.few", "My Schema.Few Too");
        assertThat(scene.on("public.few", "partition-runway").confidence()).isEqualTo(Confidence.ESTIMATED);
        assertThat(scene.on("public.few", "partition-runway").message()).contains("1.0 intervals above");
    }

    private static void numbered(Scene scene, String table, int partitions) {
        scene.plant("CREATE TABLE " + table + " (id bigint) PARTITION BY RANGE (id)");
        for (int i = 0; i < partitions; i++) {
            String name = table.endsWith("\"") ? table.substring(0, table.length() - 1) + i + "\"" : table + i;
            scene.plant("CREATE TABLE " + name + " PARTITION OF " + table + " FOR VALUES FROM (" + i * 10 + ") TO ("
                    + (i + 1) * 10 + ")");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds({"partition-beyond-retention", "partition-runway"})
    @Spares({"partition-gap", "partition-runway"})
    void ends_beyond_all_calendars_and_types_are_no_ends(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE TABLE hist (ts timestamptz) PARTITION BY RANGE (ts)",
                "CREATE TABLE hist_old PARTITION OF hist FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
                "CREATE TABLE hist_now PARTITION OF hist FOR VALUES FROM ('2021-01-01') TO ('2100-01-01')",
                "CREATE TABLE hist_open PARTITION OF hist FOR VALUES FROM ('infinity') TO (MAXVALUE)",
                "CREATE TABLE logs (ts timestamp) PARTITION BY RANGE (ts)",
                "CREATE TABLE logs_old PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
                "CREATE TABLE logs_rest PARTITION OF logs FOR VALUES FROM ('2021-01-01') TO ('infinity')",
                "CREATE TABLE days (ts date) PARTITION BY RANGE (ts)",
                "CREATE TABLE days_old PARTITION OF days FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
                "CREATE TABLE days_rest PARTITION OF days FOR VALUES FROM ('2021-01-01') TO ('9999-12-31')",
                "CREATE TABLE dawn (ts date) PARTITION BY RANGE (ts)",
                "CREATE TABLE dawn_all PARTITION OF dawn FOR VALUES FROM ('4714-11-24 BC') TO ('5874897-12-31')",
                "CREATE TABLE millis (ts bigint) PARTITION BY RANGE (ts)",
                "CREATE TABLE millis_old PARTITION OF millis FOR VALUES FROM (0) TO (1577836800000)",
                "CREATE TABLE millis_rest PARTITION OF millis FOR VALUES FROM (1577836800000) TO (9223372036854775807)",
                "INSERT INTO millis VALUES (1577836900000)",
                "ANALYZE");
        scene.spares("partition-runway");
        scene.spares("partition-gap");
        for (String table : List.of("hist", "logs", "days")) {
            scene.withPolicy(policy(table, "public", table, "ts", Duration.ofDays(60), false));
        }
        scene.withPolicy(counting(1000, policy("millis", "public", "millis", "ts", Duration.ofDays(60), false)));
        scene.finds(
                "partition-beyond-retention",
                "public.hist_old",
                "public.logs_old",
                "public.days_old",
                "public.millis_old");
        // Of the same database one that ends is found beside those that do not.
        daily(scene, "over", "date", -9, -5);
        scene.plant("CREATE TABLE over_open PARTITION OF over FOR VALUES FROM ('infinity') TO (MAXVALUE)");
        scene.finds("partition-runway", "public.over");
        assertThat(scene.on("public.over", "partition-runway").severity()).isEqualTo(Severity.CRITICAL);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-runway")
    void a_wide_partition_of_numbers_is_judged_by_the_numbers_in_it(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE TABLE room (id bigint) PARTITION BY RANGE (id)",
                "CREATE TABLE room_1 PARTITION OF room FOR VALUES FROM (0) TO (1000000)",
                "INSERT INTO room SELECT * FROM generate_series(1, 2000)",
                "CREATE TABLE tight (id bigint) PARTITION BY RANGE (id)",
                "CREATE TABLE tight_1 PARTITION OF tight FOR VALUES FROM (0) TO (3000)",
                "INSERT INTO tight SELECT * FROM generate_series(1, 2000)",
                "ANALYZE");
        scene.finds("partition-runway", "public.tight");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("partition-runway")
    void a_sub_partitioned_table_that_is_covered_to_its_own_end_is_complete(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE TABLE years (ts date) PARTITION BY RANGE (ts)",
                "CREATE TABLE y2020 PARTITION OF years FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY RANGE (ts)",
                "CREATE TABLE y2020_1 PARTITION OF y2020 FOR VALUES FROM ('2020-01-01') TO ('2020-07-01')",
                "CREATE TABLE y2020_2 PARTITION OF y2020 FOR VALUES FROM ('2020-07-01') TO ('2021-01-01')",
                "CREATE TABLE later PARTITION OF years FOR VALUES FROM ('2021-01-01') TO ('9999-01-01')");
        assertThat(scene.run("partition-runway", "min_intervals=0.0001").findings())
                .isEmpty();
        scene.plant("DROP TABLE y2020_2");
        scene.finds("partition-runway", List.of("min_intervals=0.0001"), "public.y2020");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("partition-runway")
    void partitions_far_enough_ahead_or_without_end_are_spared(TestPostgres server) {
        Scene scene = Scene.on(server);
        daily(scene, "ahead", "timestamptz", -3, 3);
        daily(scene, "endless", "timestamptz", -9, -5);
        scene.plant("CREATE TABLE endless_rest PARTITION OF endless FOR VALUES FROM ('" + TODAY + "') TO (MAXVALUE)");
        scene.plant(
                "CREATE TABLE numbered (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE numbered_1 PARTITION OF numbered FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE listed (ts timestamptz) PARTITION BY LIST (ts)",
                "CREATE TABLE listed_1 PARTITION OF listed FOR VALUES IN ('2020-01-01')");
        scene.spares("partition-runway");
    }
}
