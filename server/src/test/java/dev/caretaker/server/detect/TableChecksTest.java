package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.EmbeddedServer;
import dev.caretaker.server.testing.TestPostgres;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TableChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final String ODD = "\"My Schema\".\"Odd \"\"Table\"";
    /** A plain, a partitioned and a mixed-case table, with 2,000 rows each (the second partition has 1,000 of them). */
    private static final String[] TABLES = {
        "CREATE TABLE plain (id int PRIMARY KEY, a int, b text)",
        "CREATE TABLE parted (id int PRIMARY KEY, a int, b text) PARTITION BY RANGE (id)",
        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (1001)",
        "CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (1001) TO (9000)",
        "CREATE SCHEMA \"My Schema\"",
        "CREATE TABLE " + ODD + " (id int PRIMARY KEY, \"A b\" int, b text)",
        "INSERT INTO plain SELECT g, g, repeat('x', 400) FROM generate_series(1, 2000) g",
        "INSERT INTO parted SELECT g, g, repeat('x', 400) FROM generate_series(1, 2000) g",
        "INSERT INTO " + ODD + " SELECT g, g, repeat('x', 400) FROM generate_series(1, 2000) g"
    };
    /** In a session of its own: what the one before it counted must have arrived at the server. */
    private static final String[] ANALYZED = {
        "VACUUM ANALYZE plain", "VACUUM ANALYZE parted_1", "VACUUM ANALYZE parted_2", "VACUUM ANALYZE " + ODD
    };

    private static final String[] MOST_DELETED = {
        "DELETE FROM plain WHERE id % 10 <> 0",
        "DELETE FROM parted_2 WHERE id % 10 <> 0",
        "DELETE FROM " + ODD + " WHERE id % 10 <> 0"
    };

    private static Scene tables(TestPostgres server) {
        return Scene.on(server, TABLES).plant(ANALYZED);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("table-dead-tuples")
    @Mends("table-dead-tuples")
    void dead_rows_that_vacuum_has_not_removed_are_found_until_it_does(TestPostgres server) {
        Scene scene = tables(server).plant(MOST_DELETED);
        scene.finds(
                "table-dead-tuples",
                List.of("min_rows=500"),
                "public.plain",
                "public.parted_2",
                "My Schema.Odd \"Table");
        scene.mend("table-dead-tuples", "min_rows=500");
        Scene.eventually(
                () -> scene.run("table-dead-tuples", "min_rows=500").findings().size(), 0);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("table-dead-tuples")
    void few_dead_rows_or_a_small_share_of_them_are_normal(TestPostgres server) {
        Scene scene = tables(server).plant("DELETE FROM plain WHERE id % 10 = 0");
        scene.finds("table-dead-tuples", List.of("min_rows=100", "min_percent=5"), "public.plain");
        scene.spares("table-dead-tuples", "min_rows=100");
        scene.spares("table-dead-tuples", "min_percent=5");
    }

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
    @Finds("vacuum-overdue")
    @Mends("vacuum-overdue")
    void a_table_far_above_its_own_threshold_is_overdue(TestPostgres server) {
        Scene scene = tables(server)
                .plant(MOST_DELETED)
                .plant("CREATE TABLE inserted (id int)", "INSERT INTO inserted SELECT generate_series(1, 3000)")
                .plant("ALTER TABLE inserted SET (autovacuum_vacuum_insert_threshold = 100)");
        scene.finds("vacuum-overdue", "public.plain", "public.parted_2", "My Schema.Odd \"Table", "public.inserted");
        assertThat(scene.on("public.plain", "vacuum-overdue").evidence()).contains("\"dead_limit\": 450");
        scene.mend("vacuum-overdue");
        Scene.eventually(() -> scene.run("vacuum-overdue").findings().size(), 0);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("vacuum-overdue")
    void what_counts_is_the_table_s_own_threshold(TestPostgres server) {
        Scene scene = tables(server)
                .plant(MOST_DELETED)
                .plant(
                        "ALTER TABLE plain SET (autovacuum_vacuum_threshold = 2000)",
                        "ALTER TABLE parted_2 SET (autovacuum_vacuum_scale_factor = 5)",
                        "CREATE TABLE inserted (id int)",
                        "INSERT INTO inserted SELECT generate_series(1, 3000)",
                        "ALTER TABLE inserted SET (autovacuum_vacuum_insert_threshold = -1)");
        scene.finds("vacuum-overdue", "My Schema.Odd \"Table");
        scene.spares("vacuum-overdue", "over_percent=1000");
    }

    @Test
    @Finds("vacuum-overdue")
    void the_ceiling_of_newer_servers_counts() {
        Scene scene = tables(TestPostgres.newest())
                .plant(MOST_DELETED)
                .plant(
                        "ALTER TABLE plain SET (autovacuum_vacuum_scale_factor = 5, autovacuum_vacuum_max_threshold = 100)");
        scene.finds("vacuum-overdue", "public.plain", "public.parted_2", "My Schema.Odd \"Table");
        assertThat(scene.on("public.plain", "vacuum-overdue").evidence()).contains("\"dead_limit\": 100");
    }

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

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("table-without-primary-key")
    void tables_without_a_primary_key_are_found_once_each(TestPostgres server) {
        Scene scene = tables(server)
                .plant(
                        "ALTER TABLE plain DROP CONSTRAINT plain_pkey",
                        "ALTER TABLE parted DROP CONSTRAINT parted_pkey",
                        "ALTER TABLE " + ODD + " DROP CONSTRAINT \"Odd \"\"Table_pkey\"",
                        "ALTER TABLE " + ODD + " ALTER id SET NOT NULL",
                        "CREATE UNIQUE INDEX \"Could be\" ON " + ODD + " (id)");
        scene.finds("table-without-primary-key", "public.plain", "public.parted", "My Schema.Odd \"Table");
        RawFinding candidate = scene.on("My Schema.Odd \"Table", "table-without-primary-key");
        assertThat(candidate.severity()).isEqualTo(Severity.INFO);
        scene.plant(candidate.remediation().orElseThrow());
        scene.finds("table-without-primary-key", "public.plain", "public.parted");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("table-without-primary-key")
    @Mends("table-without-primary-key")
    void a_key_is_told_only_from_an_index_that_can_become_one(TestPostgres server) {
        Scene scene = Scene.on(
                server,
                "CREATE DOMAIN code AS varchar(9)",
                "CREATE TABLE plain (id int NOT NULL)",
                "CREATE UNIQUE INDEX plain_down ON plain (id DESC)",
                "CREATE UNIQUE INDEX plain_up ON plain (id)",
                "CREATE TABLE typed (c code NOT NULL, i inet NOT NULL, a int[] NOT NULL, r int4range NOT NULL)",
                "CREATE UNIQUE INDEX typed_all ON typed (c, i, a, r) INCLUDE (c)",
                "CREATE SCHEMA \"My Schema\"",
                "CREATE TABLE " + ODD + " (\"A b\" int NOT NULL)",
                "CREATE UNIQUE INDEX \"A long name with a \"\"quote\"\"; it ends at the limit of names_\" ON " + ODD
                        + " (\"A b\")",
                "CREATE TABLE child (id int REFERENCES " + ODD + " (\"A b\"))",
                "CREATE INDEX ON child (id)",
                // All of these tell the rows apart; none can become the key.
                "CREATE TABLE sorted (id int NOT NULL)",
                "CREATE UNIQUE INDEX ON sorted (id NULLS FIRST)",
                "CREATE TABLE collated (id text NOT NULL)",
                "CREATE UNIQUE INDEX ON collated (id COLLATE \"C\")",
                "CREATE TABLE patterned (id text NOT NULL)",
                "CREATE UNIQUE INDEX ON patterned (id text_pattern_ops)",
                "CREATE TABLE constrained (id int NOT NULL UNIQUE)",
                "CREATE TABLE deferred (id int NOT NULL UNIQUE DEFERRABLE)",
                "CREATE TABLE named (id int NOT NULL, CONSTRAINT taken CHECK (id > 0))",
                "CREATE UNIQUE INDEX taken ON named (id)",
                "CREATE TABLE parted (id int NOT NULL) PARTITION BY RANGE (id)",
                "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10)",
                "CREATE UNIQUE INDEX ON parted (id)");
        List<String> apart = new ArrayList<>(
                List.of("sorted", "collated", "patterned", "constrained", "deferred", "named", "parted"));
        if (server == TestPostgres.newest()) {
            scene.plant(
                    "CREATE TABLE distinct_not (id int NOT NULL)",
                    "CREATE UNIQUE INDEX ON distinct_not (id) NULLS NOT DISTINCT",
                    "CREATE TABLE not_inherited (id int, CONSTRAINT n NOT NULL id NO INHERIT)",
                    "CREATE UNIQUE INDEX ON not_inherited (id)",
                    "CREATE TABLE slot (id int4range, during daterange, UNIQUE (id, during WITHOUT OVERLAPS))");
            apart.addAll(List.of("distinct_not", "not_inherited"));
            assertThat(scene.on("public.slot", "table-without-primary-key").severity())
                    .as("its columns may be NULL")
                    .isEqualTo(Severity.WARNING);
        }
        for (String table : apart) {
            RawFinding finding = scene.on("public." + table, "table-without-primary-key");
            assertThat(finding.severity()).as(table).isEqualTo(Severity.INFO);
            assertThat(finding.remediation()).as(table).isEmpty();
        }
        scene.mend("table-without-primary-key");
        assertThat(scene.database()
                        .number("SELECT count(*) FROM pg_constraint WHERE contype = 'p' AND conrelid >= 16384"))
                .isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("table-without-primary-key")
    void tables_with_a_key_temporary_ones_and_those_of_extensions_are_spared(TestPostgres server) throws Exception {
        Scene scene = tables(server);
        try (Connection connection = scene.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMP TABLE passing (id int)");
            statement.execute("CREATE TABLE owned (id int)");
            statement.execute("CREATE EXTENSION pageinspect");
            statement.execute("ALTER EXTENSION pageinspect ADD TABLE owned");
            scene.spares("table-without-primary-key");
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("constraint-not-valid")
    @Spares("constraint-not-valid")
    @Mends("constraint-not-valid")
    void constraints_are_found_until_they_are_validated(TestPostgres server) {
        Scene scene = tables(server)
                .plant(
                        "ALTER TABLE plain ADD CONSTRAINT positive CHECK (id > 0)",
                        "ALTER TABLE plain ADD CONSTRAINT small CHECK (id < 5000) NOT VALID",
                        "ALTER TABLE plain ADD CONSTRAINT self FOREIGN KEY (a) REFERENCES plain NOT VALID",
                        "ALTER TABLE parted ADD CONSTRAINT parted_small CHECK (id < 5000) NOT VALID",
                        "ALTER TABLE " + ODD + " ADD CONSTRAINT \"Is Small\" CHECK (\"A b\" < 5000) NOT VALID");
        if (server == TestPostgres.newest()) {
            scene.plant("ALTER TABLE plain ADD CONSTRAINT lenient CHECK (id > 10) NOT ENFORCED");
        }
        scene.finds(
                "constraint-not-valid",
                "public.plain.small",
                "public.plain.self",
                "public.parted.parted_small",
                "My Schema.Odd \"Table.Is Small");
        scene.mend("constraint-not-valid");
        scene.spares("constraint-not-valid");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("autovacuum-disabled")
    @Mends("autovacuum-disabled")
    void autovacuum_switched_off_is_found_wherever_it_was(TestPostgres server) {
        Scene scene = tables(server)
                .plant(
                        "ALTER TABLE plain SET (autovacuum_enabled = off)",
                        "ALTER TABLE parted_1 SET (autovacuum_enabled = false)",
                        "ALTER TABLE " + ODD + " SET (toast.autovacuum_enabled = off)");
        // The servers of the tests run without autovacuum.
        scene.finds("autovacuum-disabled", "autovacuum", "public.plain", "public.parted_1", "My Schema.Odd \"Table");
        assertThat(scene.on("autovacuum", "autovacuum-disabled").severity()).isEqualTo(Severity.CRITICAL);
        assertThat(scene.on("My Schema.Odd \"Table", "autovacuum-disabled")
                        .remediation()
                        .orElseThrow())
                .contains("RESET (toast.autovacuum_enabled)");
        scene.mend("autovacuum-disabled", finding -> finding.objectKind().equals("table"));
    }

    @Test
    @Mends("autovacuum-disabled")
    void autovacuum_of_a_server_is_switched_on_again_unless_the_command_line_says_off() throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedServer.NEWEST.builder().start()) {
            Scene scene = Scene.on(TestPostgres.embeddedAt(postgres.getPort()))
                    .plant("ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()");
            scene.finds("autovacuum-disabled", "autovacuum");
            scene.mend("autovacuum-disabled");
        }
        try (EmbeddedPostgres postgres = EmbeddedServer.NEWEST
                .builder()
                .setServerConfig("autovacuum", "off")
                .start()) {
            Scene scene = Scene.on(TestPostgres.embeddedAt(postgres.getPort()));
            assertThat(scene.only("autovacuum-disabled").remediation()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("autovacuum-disabled")
    void autovacuum_switched_on_is_spared(TestPostgres server) {
        tables(server)
                .plant("ALTER TABLE plain SET (autovacuum_enabled = on)", "ALTER TABLE parted_1 SET (fillfactor = 90)")
                .finds("autovacuum-disabled", "autovacuum");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("autovacuum-tuning")
    @Mends("autovacuum-tuning")
    void a_scale_factor_that_lets_too_much_gather_is_found(TestPostgres server) {
        Scene scene = tables(server)
                .plant(
                        "ALTER TABLE plain SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 50)");
        scene.finds(
                "autovacuum-tuning",
                List.of("max_dead_rows=200"),
                "public.plain",
                "public.parted_1",
                "public.parted_2",
                "My Schema.Odd \"Table");
        assertThat(scene.on("public.plain", "autovacuum-tuning", "max_dead_rows=200")
                        .message())
                .contains("50 ms");
        scene.mend("autovacuum-tuning", "max_dead_rows=200");
        scene.spares("autovacuum-tuning", "max_dead_rows=300");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Spares("autovacuum-tuning")
    void small_tables_and_those_with_a_small_factor_are_spared(TestPostgres server) {
        Scene scene = tables(server);
        scene.spares("autovacuum-tuning");
        scene.plant(
                "ALTER TABLE plain SET (autovacuum_vacuum_scale_factor = 0.01)",
                "ALTER TABLE " + ODD + " SET (autovacuum_vacuum_scale_factor = 0.01)");
        scene.spares("autovacuum-tuning", "max_dead_rows=1500");
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

    @Test
    @Finds("hot-update-blockers")
    @Mends("hot-update-blockers")
    void updates_of_an_indexed_column_are_told_from_those_without_room() {
        Scene scene = hot();
        scene.finds(
                "hot-update-blockers",
                List.of("min_updates=1000"),
                "public.plain",
                "public.parted_1",
                "My Schema.Odd \"Table");
        assertThat(scene.on("public.plain", "hot-update-blockers", "min_updates=1000")
                        .message())
                .contains("changed an indexed column");
        assertThat(scene.on("My Schema.Odd \"Table", "hot-update-blockers", "min_updates=1000")
                        .message())
                .contains("no room");
        String odd = "'" + ODD + "'::regclass";
        scene.mend(
                "hot-update-blockers",
                finding -> true,
                () -> scene.plant("SELECT pg_stat_reset_single_table_counters(" + odd + ")"),
                "min_updates=1000");
    }

    @Test
    @Spares("hot-update-blockers")
    void updates_that_leave_the_indexes_alone_are_spared() {
        Scene scene = tables(TestPostgres.newest())
                .plant("ALTER TABLE plain SET (fillfactor = 30)", "VACUUM FULL plain", "UPDATE plain SET a = a + 1");
        Scene.eventually(
                () -> scene.database().number("SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'plain'"),
                2000L);
        scene.spares("hot-update-blockers", "min_updates=1000");
    }

    @Test
    @Spares("hot-update-blockers")
    void a_server_that_does_not_count_them_skips_the_check() {
        CheckResult result = Scene.on(TestPostgres.oldest()).run("hot-update-blockers");
        assertThat(result.status()).isEqualTo(CheckResult.Status.SKIPPED);
        assertThat(result.reason()).contains("needs PostgreSQL 16");
    }

    private static Scene hot() {
        return tables(TestPostgres.newest())
                .plant(
                        "CREATE INDEX ON plain (a)",
                        "CREATE INDEX ON parted (a)",
                        "ALTER TABLE plain SET (fillfactor = 30)",
                        "ALTER TABLE parted_1 SET (fillfactor = 30)",
                        "VACUUM FULL plain",
                        "VACUUM FULL parted_1",
                        "UPDATE plain SET a = a + 1",
                        "UPDATE parted_1 SET a = a + 1",
                        "UPDATE " + ODD + " SET b = b || 'y'");
    }
}
