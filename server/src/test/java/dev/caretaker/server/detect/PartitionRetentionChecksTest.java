package dev.caretaker.server.detect;

import static dev.caretaker.server.detect.DailyPartitions.TODAY;
import static dev.caretaker.server.detect.DailyPartitions.counting;
import static dev.caretaker.server.detect.DailyPartitions.daily;
import static dev.caretaker.server.detect.DailyPartitions.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionRetentionChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-beyond-retention")
    void a_partition_that_outlived_its_policy_is_found(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        daily(scene, "days", "timestamptz", -10, 1);
        daily(scene, "\"My Schema\".\"Odd\"", "date", -10, 1);
        scene.withPolicy(policy("keep", "public", "days", "ts", Duration.ofDays(7), false))
                .withPolicy(policy("keep odd", "My Schema", "Odd", "ts", Duration.ofDays(8), false));
        // The newest of them ended less than the grace of one day before the cutoff.
        scene.finds("partition-beyond-retention", "public.days_d0", "public.days_d1", "My Schema.Odd d0");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-beyond-retention")
    void partitions_below_others_and_those_of_integer_times_outlive_their_policy_too(TestPostgres server) {
        Scene scene = Scene.on(server);
        long day = TODAY.toEpochDay() * 86_400_000;
        scene.plant(
                "CREATE TABLE deep (region text, ts timestamp) PARTITION BY LIST (region)",
                "CREATE TABLE \"deep A\" PARTITION OF deep FOR VALUES IN ('a') PARTITION BY RANGE (ts)",
                "CREATE TABLE \"deep A old\" PARTITION OF \"deep A\" FOR VALUES FROM ('2019-01-01') TO ('2020-01-01')",
                "CREATE TABLE \"deep A oldest\" PARTITION OF \"deep A\" FOR VALUES FROM (MINVALUE) TO ('2019-01-01')",
                "CREATE TABLE \"deep A new\" PARTITION OF \"deep A\" FOR VALUES FROM ('2020-01-01') TO (MAXVALUE)",
                "CREATE TABLE millis (ts bigint) PARTITION BY RANGE (ts)",
                "CREATE TABLE millis_old PARTITION OF millis FOR VALUES FROM (0) TO (" + (day - 20L * 86_400_000) + ")",
                "CREATE TABLE millis_new PARTITION OF millis FOR VALUES FROM (" + (day - 20L * 86_400_000) + ") TO ("
                        + day + ")");
        scene.withPolicy(policy("deep", "public", "deep", "ts", Duration.ofDays(7), false));
        scene.withPolicy(counting(1000, policy("millis", "public", "millis", "ts", Duration.ofDays(7), false)));
        scene.finds("partition-beyond-retention", "public.deep A old", "public.millis_old");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-beyond-retention")
    void what_is_so_on_many_partitions_of_a_table_is_one_finding(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        daily(scene, "\"My Schema\".\"Odd\"", "date", -20, 1);
        daily(scene, "few", "date", -4, 1);
        scene.withPolicy(policy("odd", "My Schema", "Odd", "ts", Duration.ofDays(2), false))
                .withPolicy(policy("few", "public", "few", "ts", Duration.ofDays(1), false));
        scene.finds("partition-beyond-retention", "My Schema.Odd", "public.few_d0", "public.few_d1");
        RawFinding one = scene.on("My Schema.Odd", "partition-beyond-retention");
        assertThat(one.evidence())
                .contains("\"count\":17")
                .contains("My Schema.Odd d0")
                .contains("\"worst\":{");
        assertThat(one.message()).contains("17 times");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("partition-beyond-retention")
    void policies_with_a_filter_or_on_another_column_say_nothing_of_partitions(TestPostgres server) {
        Scene scene = Scene.on(server);
        daily(scene, "days", "timestamptz", -10, 1);
        scene.withPolicy(policy("some", "public", "days", "ts", Duration.ofDays(1), true))
                .withPolicy(policy("other", "public", "days", "created", Duration.ofDays(1), false))
                .withPolicy(policy("long", "public", "days", "ts", Duration.ofDays(30), false));
        scene.spares("partition-beyond-retention");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("partition-beyond-retention")
    void a_foreign_partition_is_left_out_as_a_cleanup_leaves_it_out(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE EXTENSION postgres_fdw",
                "CREATE SERVER cold FOREIGN DATA WRAPPER postgres_fdw",
                "CREATE TABLE days (ts timestamptz) PARTITION BY RANGE (ts)",
                "CREATE FOREIGN TABLE days_cold PARTITION OF days FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')"
                        + " SERVER cold");
        scene.withPolicy(policy("keep", "public", "days", "ts", Duration.ofDays(7), false));
        scene.spares("partition-beyond-retention");
    }
}
