package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.detect.PolicyFacts.PolicyFact;
import dev.caretaker.server.detect.PolicyFacts.Reach;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

    /** A table of the key type with a partition a day, from {@code first} to {@code last} days from today. */
    private static Scene daily(Scene scene, String table, String type, int first, int last) {
        scene.plant("CREATE TABLE " + table + " (ts " + type + " NOT NULL, body text) PARTITION BY RANGE (ts)");
        for (int day = first; day <= last; day++) {
            partition(scene, table, "d" + (day - first), TODAY.plusDays(day), TODAY.plusDays(day + 1));
        }
        return scene;
    }

    private static void partition(Scene scene, String table, String suffix, LocalDate from, LocalDate to) {
        String name = table.endsWith("\"")
                ? table.substring(0, table.length() - 1) + " " + suffix + "\""
                : table + "_" + suffix;
        scene.plant("CREATE TABLE " + name + " PARTITION OF " + table + " FOR VALUES FROM ('" + from + "') TO ('" + to
                + "')");
    }

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
    @Finds("partition-unpruned")
    @Spares("partition-unpruned")
    @Mends("partition-unpruned")
    void queries_that_do_not_name_the_key_are_told_by_scans_of_all_partitions(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        daily(scene, "named", "timestamptz", -10, 0);
        daily(scene, "blind", "timestamptz", -10, 0);
        daily(scene, "\"My Schema\".\"Blind Too\"", "date", -10, 0);
        for (int i = 0; i < 12; i++) {
            scene.plant(
                    "SELECT count(*) FROM blind",
                    "SELECT count(*) FROM \"My Schema\".\"Blind Too\" WHERE ts::text > 'x'",
                    "SELECT count(*) FROM named WHERE ts >= '" + TODAY + "'");
        }
        scene.plant("SELECT count(*) FROM named");
        scene.finds("partition-unpruned", List.of("min_scans=12"), "public.blind", "My Schema.Blind Too");
        scene.spares("partition-unpruned", "min_scans=100");
        scene.spares("partition-unpruned", "min_scans=12", "min_partitions=12");
        scene.plant("ALTER DATABASE " + scene.database().name() + " SET enable_partition_pruning = off");
        // The target's pooled session is older than the setting.
        assertThat(scene.only("partition-unpruned").remediation().orElseThrow())
                .isEqualTo("ALTER DATABASE " + scene.database().name() + " RESET enable_partition_pruning;");
        scene.mend("partition-unpruned");
        scene.spares("partition-unpruned");
        String role = scene.database().role("unpruned").user();
        for (String off : List.of("off", "false", "0", "no")) {
            scene.plant("ALTER ROLE \"" + role + "\" SET enable_partition_pruning = '" + off + "'");
            scene.finds("partition-unpruned", role);
        }
        scene.plant("ALTER ROLE \"" + role + "\" SET enable_partition_pruning = 'yes'");
        scene.spares("partition-unpruned");
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

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-pending-detach")
    @Spares("partition-pending-detach")
    @Mends("partition-pending-detach")
    void an_interrupted_detachment_is_found_until_it_is_finished(TestPostgres server) throws SQLException {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        for (String table : List.of("days", "\"My Schema\".\"Odd\"")) {
            daily(scene, table, "timestamptz", -3, 3);
            scene.plant("ALTER TABLE " + table + " ADD PRIMARY KEY (ts)");
        }
        scene.spares("partition-pending-detach");
        try (Connection reader = scene.database().connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT * FROM days");
            statement.execute("SELECT * FROM \"My Schema\".\"Odd\"");
            for (String detach : List.of(
                    "ALTER TABLE days DETACH PARTITION days_d0 CONCURRENTLY",
                    "ALTER TABLE \"My Schema\".\"Odd\" DETACH PARTITION \"My Schema\".\"Odd d0\" CONCURRENTLY")) {
                assertThatThrownBy(() -> interrupted(scene, detach)).hasMessageContaining("timeout");
            }
            scene.finds("partition-pending-detach", "public.days_d0", "My Schema.Odd d0");
        }
        scene.mend("partition-pending-detach");
        scene.spares("partition-pending-detach");
    }

    private static void interrupted(Scene scene, String sql) throws SQLException {
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET statement_timeout = '300ms'");
            statement.execute(sql);
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-large")
    @Spares("partition-large")
    void only_partitions_over_the_limit_are_large(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        for (String table : List.of("days", "\"My Schema\".\"Odd\"")) {
            daily(scene, table, "timestamptz", -1, 1);
            scene.plant("INSERT INTO " + table + " SELECT now(), repeat('x', 500) FROM generate_series(1, 1000)");
        }
        scene.plant("CREATE TABLE plain AS SELECT * FROM days");
        scene.finds("partition-large", List.of("min_bytes=300000"), "public.days_d1", "My Schema.Odd d1");
        scene.spares("partition-large");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-index-missing")
    @Mends("partition-index-missing")
    void an_index_that_some_partitions_lack_is_found(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        daily(scene, "asked", "timestamptz", -2, 1);
        daily(scene, "habit", "timestamptz", -2, 1);
        daily(scene, "\"My Schema\".\"Odd\"", "timestamptz", -2, 1);
        scene.plant(
                "CREATE INDEX ON ONLY asked (body)",
                "CREATE INDEX ON asked_d0 (body)",
                "CREATE INDEX ON habit_d0 (body, ts)",
                "CREATE INDEX ON habit_d1 (body, ts)",
                "CREATE INDEX ON habit_d2 (body, ts)",
                "CREATE INDEX ON ONLY \"My Schema\".\"Odd\" (body) INCLUDE (ts)");
        scene.finds("partition-index-missing", "public.asked", "public.habit", "My Schema.Odd");
        assertThat(scene.on("public.habit", "partition-index-missing").remediation())
                .contains("CREATE INDEX CONCURRENTLY ON public.habit_d3 USING btree (body, ts);");
        scene.mend("partition-index-missing");
        scene.spares("partition-index-missing");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("partition-index-missing")
    @Mends("partition-index-missing")
    void an_invalid_index_of_a_partitioned_table_is_found_whatever_keeps_it_so(TestPostgres server) {
        Scene scene = Scene.on(server, "CREATE SCHEMA \"My Schema\"");
        for (String table : List.of("loose", "computed", "late", "keyed", "\"My Schema\".\"Odd\"", "\"half built\"")) {
            daily(scene, table, "date", -1, 0);
        }
        scene.plant(
                "CREATE INDEX loose_b ON ONLY loose (body) WITH (fillfactor = 70)",
                "CREATE INDEX loose_0 ON loose_d0 (body)",
                "CREATE INDEX loose_1 ON loose_d1 (body)",
                "CREATE INDEX computed_b ON ONLY computed (lower(body)) WHERE body IS NOT NULL",
                "CREATE UNIQUE INDEX late_0 ON late_d0 (ts, body)",
                "CREATE UNIQUE INDEX late_1 ON late_d1 (ts, body)",
                // As a failed concurrent build leaves it; the parent's index stays invalid when that is mended.
                "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'late_1'::regclass",
                "CREATE UNIQUE INDEX late_u ON late (ts, body)",
                "REINDEX INDEX late_1",
                "ALTER TABLE ONLY keyed ADD PRIMARY KEY (ts)",
                "CREATE UNIQUE INDEX keyed_0 ON keyed_d0 (ts)",
                "CREATE INDEX \"Odd B\" ON ONLY \"My Schema\".\"Odd\" (body)",
                "CREATE INDEX \"Odd A\" ON \"My Schema\".\"Odd d0\" (body)",
                "CREATE INDEX half_b ON ONLY \"half built\" (body)",
                "CREATE INDEX half_0 ON \"half built d0\" (body)",
                "CREATE INDEX half_1 ON \"half built d1\" (body)",
                "ALTER INDEX half_b ATTACH PARTITION half_0",
                "ALTER INDEX half_b ATTACH PARTITION half_1",
                "UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('half_b'::regclass, 'half_1'::regclass)");
        scene.finds(
                "partition-index-missing",
                "public.loose",
                "public.computed",
                "public.late",
                "public.keyed",
                "My Schema.Odd",
                "public.half built");
        assertThat(scene.on("public.loose", "partition-index-missing").remediation())
                .contains("ALTER INDEX public.loose_b ATTACH PARTITION public.loose_0;\n"
                        + "ALTER INDEX public.loose_b ATTACH PARTITION public.loose_1;");
        if (server == TestPostgres.oldest()) {
            // Its minor version never looks again whether all are valid.
            assertThat(scene.on("public.late", "partition-index-missing").remediation())
                    .isEmpty();
            scene.plant("DROP TABLE late, \"half built\"");
        }
        scene.mend("partition-index-missing");
        scene.spares("partition-index-missing");
        assertThat(scene.database().number("SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
                .isZero();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("partition-index-missing")
    void an_index_that_all_or_few_partitions_have_is_spared(TestPostgres server) {
        Scene scene = Scene.on(server);
        daily(scene, "all_have", "timestamptz", -2, 1);
        daily(scene, "few_have", "timestamptz", -2, 1);
        scene.plant("CREATE INDEX ON all_have (body)", "CREATE INDEX ON few_have_d0 (body)");
        scene.spares("partition-index-missing");
    }

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

    /** The same for a column that counts so many units a second. */
    private static PolicyFact counting(int perSecond, PolicyFact fact) {
        return new PolicyFact(
                fact.policy(),
                fact.table(),
                fact.cutoff(),
                fact.summary().replace("{\"name", "{\"per_second\": " + perSecond + ", \"name"),
                fact.reading());
    }

    private static PolicyFact policy(
            String name, String schema, String table, String column, Duration retention, boolean filtered) {
        Instant cutoff = Instant.now().minus(retention);
        String summary =
                "{\"name\": \"%s\", \"schema\": \"%s\", \"table\": \"%s\", \"time_column\": \"%s\", \"filtered\": %s, \"cutoff\": \"%s\"}"
                        .formatted(name, schema, table, column, filtered, cutoff);
        CheckSql.Bound none = new CheckSql.Bound("false", List.of());
        return new PolicyFact(name, new TableName(schema, table), cutoff, summary, new Reach(none, none, none));
    }
}
