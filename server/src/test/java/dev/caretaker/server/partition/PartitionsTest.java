package dev.caretaker.server.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.Partitions.Page;
import dev.caretaker.server.partition.Partitions.Query;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Targets;
import dev.caretaker.server.target.catalog.PartitionBound;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionsTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final Instant NOW = Instant.parse("2025-03-15T12:00:00Z");
    private static final TableName EVENTS = new TableName("public", "workflow_events");

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_monthly_table_tells_rhythm_names_runway_and_gaps(TestPostgres server) {
        Database database = monthly(server, 1, 2, 3, 4, 6);
        Page page = list(database, all());

        PartitionedTable table = page.tables().getFirst();
        assertThat(table.name()).isEqualTo(EVENTS);
        assertThat(table.interval().orElseThrow().describe()).isEqualTo("1 month");
        assertThat(table.names().orElseThrow().describe()).isEqualTo("workflow_events_y{yyyy}m{mm}");
        assertThat(table.safeUntil()).contains(Instant.parse("2025-05-01T00:00:00Z"));
        assertThat(table.gaps())
                .containsExactly(new PartitionedTable.Stretch("2025-05-01 00:00:00+00", "2025-06-01 00:00:00+00"));
        assertThat(table.overlaps()).isEmpty();
        assertThat(table.oldest()).contains(new TableName("public", "workflow_events_y2025m01"));
        assertThat(table.newest()).contains(new TableName("public", "workflow_events_y2025m06"));
        assertThat(page.partitions())
                .extracting(partition -> partition.age().orElseThrow())
                .containsExactly(
                        PartitionAge.PAST,
                        PartitionAge.PAST,
                        PartitionAge.CURRENT,
                        PartitionAge.FUTURE,
                        PartitionAge.FUTURE);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void months_cut_at_local_midnight_are_still_months(TestPostgres server) {
        Database database = server.database();
        List<String> statements = new ArrayList<>(List.of(
                "CREATE TABLE m (ts timestamptz NOT NULL) PARTITION BY RANGE (ts)", "SET timezone = 'Europe/Berlin'"));
        for (int month = 1; month <= 11; month++) {
            statements.add(
                    "CREATE TABLE m_2025_%02d PARTITION OF m FOR VALUES FROM ('2025-%02d-01') TO ('2025-%02d-01')"
                            .formatted(month, month, month + 1));
        }
        database.execute(statements.toArray(String[]::new));

        PartitionedTable table = list(database, all()).tables().getFirst();
        assertThat(table.interval().orElseThrow().describe()).isEqualTo("1 month");
        assertThat(table.names().orElseThrow().describe()).isEqualTo("m_{yyyy}_{mm}");
        assertThat(table.gaps()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void every_kind_of_bound_is_typed_and_quoted_names_are_exact(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE SCHEMA \"My.Schema\"",
                "CREATE TABLE \"My.Schema\".\"Jobs\" (\"Tenant\" text, \"At\" date NOT NULL) PARTITION BY LIST (\"Tenant\")",
                "CREATE TABLE \"My.Schema\".\"Jobs O'Neil\" PARTITION OF \"My.Schema\".\"Jobs\" FOR VALUES IN ('O''Neil', NULL)"
                        + " PARTITION BY RANGE (\"At\")",
                "CREATE TABLE \"My.Schema\".\"2025\" PARTITION OF \"My.Schema\".\"Jobs O'Neil\""
                        + " FOR VALUES FROM (MINVALUE) TO ('2026-01-01')",
                "CREATE TABLE \"My.Schema\".rest PARTITION OF \"My.Schema\".\"Jobs\" DEFAULT",
                "CREATE TABLE h (id int) PARTITION BY HASH (id)",
                "CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "INSERT INTO \"My.Schema\".\"Jobs\" SELECT 'other', '2025-01-01' FROM generate_series(1, 7)",
                "ANALYZE \"My.Schema\".\"Jobs\"");
        Page page = list(database, all());

        assertThat(page.partitions())
                .extracting(partition -> partition.row().name().name())
                .containsExactly("Jobs O'Neil", "2025", "rest", "h0", "h1");
        assertThat(page.partitions())
                .extracting(partition -> partition.row().bound().orElseThrow())
                .containsExactly(
                        new PartitionBound.Values(List.of(Optional.of("O'Neil"), Optional.empty())),
                        new PartitionBound.Range(
                                List.of(new PartitionBound.Min()), List.of(new PartitionBound.Value("2026-01-01"))),
                        new PartitionBound.Default(),
                        new PartitionBound.Hash(2, 0),
                        new PartitionBound.Hash(2, 1));
        assertThat(page.tables()).extracting(table -> table.name().name()).containsExactly("Jobs", "Jobs O'Neil", "h");
        assertThat(page.tables().getFirst().defaultRows()).isEqualTo(7);
        assertThat(page.partitions().get(1).row().level()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void missing_indexes_own_ones_and_own_constraints_are_named(TestPostgres server) {
        Database database = monthly(server, 1, 2);
        database.execute(
                "CREATE INDEX run_id_index ON ONLY workflow_events (run_id)",
                "CREATE INDEX ON workflow_events_y2025m01 (run_id)",
                "ALTER INDEX run_id_index ATTACH PARTITION workflow_events_y2025m01_run_id_idx",
                "CREATE INDEX \"Only here\" ON workflow_events_y2025m02 (run_id DESC)",
                "ALTER TABLE workflow_events_y2025m02 ADD CONSTRAINT positive CHECK (run_id > 0)",
                "ALTER TABLE workflow_events_y2025m02 ADD CONSTRAINT single UNIQUE (run_id)");
        Page page = list(database, all());

        assertThat(page.partitions().get(0).differences()).isEmpty();
        assertThat(page.partitions().get(1).differences())
                .containsExactly(
                        "lacks a valid index for run_id_index of the parent",
                        "has the index Only here of its own",
                        "has the constraint positive of its own",
                        "has the constraint single of its own");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    @Timeout(30)
    void a_partition_that_somebody_holds_exclusively_neither_blocks_nor_fails_the_answer(TestPostgres server)
            throws SQLException {
        Database database = monthly(server, 1, 2, 3);
        database.execute(
                "CREATE INDEX ON workflow_events (run_id)",
                "INSERT INTO workflow_events SELECT 1, '2025-02-03' FROM generate_series(1, 10000)",
                "VACUUM ANALYZE workflow_events");
        try (Connection holder = database.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE workflow_events_y2025m02 IN ACCESS EXCLUSIVE MODE");
            statement.execute("REINDEX INDEX workflow_events_y2025m03_run_id_idx");
            Page page = list(database, exact());

            ListedPartition locked = page.partitions().get(1);
            assertThat(locked.row().size().estimated()).isTrue();
            assertThat(locked.row().size().heap())
                    .isEqualTo(database.number(
                            "SELECT relpages * 8192 FROM pg_class WHERE relname = 'workflow_events_y2025m02'"));
            assertThat(locked.exactRows()).isEmpty();
            assertThat(locked.row().rows()).isEqualTo(10_000);
            assertThat(page.partitions().get(0).row().size().estimated()).isFalse();
            assertThat(page.partitions().get(0).exactRows()).contains(0L);
            assertThat(page.partitions().get(2).row().size().estimated()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void sizes_add_up_to_what_the_server_says(TestPostgres server) {
        Database database = monthly(server, 1);
        database.execute(
                "ALTER TABLE workflow_events ADD payload text",
                "CREATE INDEX ON workflow_events (run_id)",
                "INSERT INTO workflow_events SELECT i, '2025-01-03',"
                        + " (SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 200))"
                        + " FROM generate_series(1, 300) i");
        PartitionRow.Size size =
                list(database, all()).partitions().getFirst().row().size();

        assertThat(size.heap()).isEqualTo(database.number("SELECT pg_relation_size('workflow_events_y2025m01')"));
        assertThat(size.indexes())
                .isEqualTo(database.number("SELECT pg_relation_size('workflow_events_y2025m01_run_id_idx')"));
        assertThat(size.toast())
                .isPositive()
                .isEqualTo(
                        database.number(
                                "SELECT pg_total_relation_size(reltoastrelid) FROM pg_class WHERE relname = 'workflow_events_y2025m01'"));
    }

    @Test
    void pages_follow_each_other_without_gap_or_repeat() {
        Database database = monthly(TestPostgres.newest(), 1, 2, 3, 4, 5, 6, 7);
        List<String> seen = new ArrayList<>();
        Optional<Long> after = Optional.empty();
        do {
            Page page = list(
                    database,
                    new Query("t", Optional.of(EVENTS), Optional.empty(), Set.of(), Optional.empty(), 3, after));
            assertThat(page.partitions()).hasSizeLessThanOrEqualTo(3);
            assertThat(page.tables()).extracting(PartitionedTable::name).containsExactly(EVENTS);
            page.partitions()
                    .forEach(partition -> seen.add(partition.row().name().name()));
            after = page.next();
        } while (after.isPresent());
        assertThat(seen).hasSize(7).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void only_the_wanted_ages_are_listed() {
        Database database = monthly(TestPostgres.newest(), 1, 2, 3, 4);
        Page page = list(
                database,
                new Query(
                        "t",
                        Optional.empty(),
                        Optional.empty(),
                        Set.of(PartitionAge.FUTURE),
                        Optional.empty(),
                        100,
                        Optional.empty()));
        assertThat(page.partitions())
                .extracting(partition -> partition.row().name().name())
                .containsExactly("workflow_events_y2025m04");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_detach_that_was_interrupted_is_pending_and_its_range_is_a_gap(TestPostgres server) throws Exception {
        Database database = monthly(server, 2, 3, 4);
        database.execute("INSERT INTO workflow_events VALUES (1, '2025-03-01')");
        try (Connection reader = database.connect();
                Statement reading = reader.createStatement();
                Connection detacher = database.connect();
                Statement detaching = detacher.createStatement()) {
            reader.setAutoCommit(false);
            reading.execute("SELECT * FROM workflow_events");
            detaching.execute("SET lock_timeout = '200ms'");
            assertThatThrownBy(() -> detaching.execute(
                            "ALTER TABLE workflow_events DETACH PARTITION workflow_events_y2025m03 CONCURRENTLY"))
                    .isInstanceOf(SQLException.class);
        }
        Page page = list(database, all());

        assertThat(page.partitions())
                .filteredOn(partition -> partition.row().detaching())
                .hasSize(1);
        assertThat(page.tables().getFirst().gaps()).hasSize(1);
        assertThat(page.tables().getFirst().safeUntil()).contains(NOW);
    }

    @Test
    void integer_ranges_tell_their_width_and_when_they_will_be_used_up() {
        Database database = TestPostgres.newest().database();
        database.execute(
                "CREATE TABLE n (id bigint NOT NULL) PARTITION BY RANGE (id)",
                "CREATE TABLE n_0 PARTITION OF n FOR VALUES FROM (-1000) TO (0)",
                "CREATE TABLE n_1 PARTITION OF n FOR VALUES FROM (0) TO (1000)",
                "CREATE TABLE n_2 PARTITION OF n FOR VALUES FROM (1000) TO (2000)");
        PartitionedTable table = list(database, all()).tables().getFirst();
        assertThat(table.interval().orElseThrow().describe()).isEqualTo("1000");
        assertThat(table.oldest()).contains(new TableName("public", "n_0"));
        assertThat(table.safeUntil()).isEmpty();
    }

    @Test
    void an_integer_key_with_an_endless_last_range_lasts_for_ever() {
        Database database = TestPostgres.newest().database();
        database.execute(
                "SELECT pg_stat_reset()",
                "CREATE TABLE n (id bigint NOT NULL) PARTITION BY RANGE (id)",
                "CREATE TABLE n_0 PARTITION OF n FOR VALUES FROM (0) TO (1000)",
                "CREATE TABLE n_rest PARTITION OF n FOR VALUES FROM (1000) TO (MAXVALUE)",
                "INSERT INTO n SELECT generate_series(1, 500)",
                "ANALYZE n",
                "SELECT pg_stat_force_next_flush()");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(
                                database.number("SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'n_0'"))
                        .isEqualTo(500));
        Instant later = Instant.now().plusSeconds(3_600);
        assertThat(list(database, all(), later).tables().getFirst().safeUntil()).contains(Instant.MAX);

        database.execute("DROP TABLE n_rest");
        assertThat(list(database, all(), later).tables().getFirst().safeUntil().orElseThrow())
                .isAfter(later.plusSeconds(3_000))
                .isBefore(later.plusSeconds(4_200));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void years_before_christ_far_ones_and_infinity_have_their_place_in_order_and_time(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (at date NOT NULL) PARTITION BY RANGE (at)",
                "CREATE TABLE e PARTITION OF t FOR VALUES FROM ('12000-01-01') TO ('infinity')",
                "CREATE TABLE d PARTITION OF t FOR VALUES FROM ('2025-01-01') TO ('12000-01-01')",
                "CREATE TABLE c PARTITION OF t FOR VALUES FROM ('0001-01-01') TO ('2025-01-01')",
                "CREATE TABLE b PARTITION OF t FOR VALUES FROM ('0044-03-15 BC') TO ('0001-01-01')",
                "CREATE TABLE a PARTITION OF t FOR VALUES FROM ('-infinity') TO ('0044-03-15 BC')");
        Page page = list(database, all());

        assertThat(names(page)).containsExactly("a", "b", "c", "d", "e");
        assertThat(page.partitions())
                .extracting(partition -> partition.age().orElseThrow())
                .containsExactly(
                        PartitionAge.PAST,
                        PartitionAge.PAST,
                        PartitionAge.PAST,
                        PartitionAge.CURRENT,
                        PartitionAge.FUTURE);
        assertThat(page.tables().getFirst().gaps()).isEmpty();
        assertThat(page.tables().getFirst().safeUntil()).contains(Instant.MAX);
    }

    @Test
    void texts_that_look_like_numbers_are_in_one_order_whatever_is_among_them() {
        Database database = TestPostgres.newest().database();
        database.execute(
                "CREATE TABLE t (tenant text) PARTITION BY LIST (tenant)",
                "CREATE TABLE f (x float8) PARTITION BY RANGE (x)",
                "CREATE TABLE f_1 PARTITION OF f FOR VALUES FROM ('-Infinity') TO (5)",
                "CREATE TABLE f_2 PARTITION OF f FOR VALUES FROM (5) TO (10)",
                "CREATE TABLE f_3 PARTITION OF f FOR VALUES FROM (10) TO (1e20)",
                "CREATE TABLE f_4 PARTITION OF f FOR VALUES FROM (1e20) TO ('NaN')");
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String value = i % 2 == 0 ? Integer.toString(i) : i + "a";
            values.add("t_" + value);
            database.execute("CREATE TABLE t_" + value + " PARTITION OF t FOR VALUES IN ('" + value + "')");
        }
        assertThat(names(list(database, all())))
                .startsWith("f_1", "f_2", "f_3", "f_4")
                .endsWith(values.stream().sorted().toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_key_that_is_an_expression_is_told_and_its_ranges_are_those_of_its_type(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int, at timestamp NOT NULL) PARTITION BY RANGE (date_trunc('day', at))",
                "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2025-03-15') TO ('2025-03-16')",
                "CREATE TABLE two (a int, b int) PARTITION BY RANGE (abs(a), b, abs(b))",
                "CREATE TABLE two_1 PARTITION OF two FOR VALUES FROM (1, 2, MINVALUE) TO (1, 3, MAXVALUE)");
        Page page = list(database, all());

        assertThat(page.tables())
                .extracting(table -> table.key().columns())
                .containsExactly(List.of("date_trunc('day'::text, at)"), List.of("(expression)", "b", "(expression)"));
        assertThat(page.partitions().getFirst().age()).contains(PartitionAge.CURRENT);
        assertThat(page.partitions().get(1).age()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_sub_partitioned_partition_has_the_sums_and_lends_its_age(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE t (id int, at date NOT NULL) PARTITION BY RANGE (at)",
                "CREATE INDEX ON t (id)",
                "CREATE TABLE t_now PARTITION OF t FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY HASH (id)",
                "CREATE TABLE t_now_0 PARTITION OF t_now FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE t_now_1 PARTITION OF t_now FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "CREATE TABLE t_rest PARTITION OF t DEFAULT PARTITION BY LIST (id)",
                "CREATE TABLE t_rest_1 PARTITION OF t_rest DEFAULT",
                "INSERT INTO t SELECT i, '2025-02-01' FROM generate_series(1, 100) i",
                "INSERT INTO t SELECT i, '2030-02-01' FROM generate_series(1, 7) i",
                "ANALYZE t");
        Page page = list(database, exact());

        assertThat(names(page)).containsExactly("t_now", "t_now_0", "t_now_1", "t_rest", "t_rest_1");
        ListedPartition whole = page.partitions().getFirst();
        assertThat(whole.exactRows()).contains(100L);
        assertThat(whole.row().rows()).isEqualTo(100);
        assertThat(whole.row().size().total())
                .isPositive()
                .isEqualTo(page.tables().get(1).totalBytes());
        assertThat(page.tables().getFirst().totalBytes())
                .isEqualTo(database.number("SELECT sum(pg_relation_size(oid)) FROM pg_class"
                        + " WHERE relname ~ '^t_(now|rest)_.(_id_idx)?$'"));
        assertThat(page.tables().getFirst().defaultRows()).isEqualTo(7);
        assertThat(page.partitions())
                .extracting(ListedPartition::age)
                .containsExactly(
                        Optional.of(PartitionAge.CURRENT),
                        Optional.of(PartitionAge.CURRENT),
                        Optional.of(PartitionAge.CURRENT),
                        Optional.empty(),
                        Optional.empty());
    }

    @Test
    void a_role_without_rights_gets_sizes_and_estimates_but_no_counts() {
        Database database = monthly(TestPostgres.newest(), 1, 2);
        Database role = database.role("lister");
        database.execute(
                "INSERT INTO workflow_events SELECT 1, '2025-01-03' FROM generate_series(1, 1000)",
                "ANALYZE workflow_events",
                "GRANT SELECT ON workflow_events_y2025m02 TO " + role.user());
        Page page = list(role, exact());

        assertThat(page.partitions().get(0).exactRows()).isEmpty();
        assertThat(page.partitions().get(0).row().rows()).isEqualTo(1000);
        assertThat(page.partitions().get(0).row().size().heap()).isPositive();
        assertThat(page.partitions().get(1).exactRows()).contains(0L);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void a_foreign_partition_lacks_nothing_that_it_could_have_and_is_not_counted(TestPostgres server) {
        Database database = monthly(server, 1);
        database.execute(
                "CREATE INDEX ON workflow_events (run_id)",
                "CREATE FOREIGN DATA WRAPPER nowhere",
                "CREATE SERVER far FOREIGN DATA WRAPPER nowhere",
                "CREATE FOREIGN TABLE workflow_events_y2025m02 PARTITION OF workflow_events"
                        + " FOR VALUES FROM ('2025-02-01') TO ('2025-03-01') SERVER far");
        ListedPartition foreign = list(database, exact()).partitions().get(1);
        assertThat(foreign.differences()).isEmpty();
        assertThat(foreign.exactRows()).isEmpty();
        assertThat(foreign.row().size().total()).isZero();
    }

    @Test
    void tables_without_partitions_are_on_the_page_of_their_place() {
        Database database = monthly(TestPostgres.newest(), 1, 2, 3);
        database.execute(
                "CREATE TABLE a_empty (ts timestamptz) PARTITION BY RANGE (ts)",
                "CREATE TABLE z_empty (ts timestamptz) PARTITION BY RANGE (ts)");
        Partitions partitions = partitions(database, NOW);
        Page first = partitions.list(all(2, Optional.empty()));
        Page second = partitions.list(all(2, first.next()));
        assertThat(first.tables())
                .extracting(table -> table.name().name())
                .containsExactly("a_empty", "workflow_events");
        assertThat(second.tables())
                .extracting(table -> table.name().name())
                .containsExactly("workflow_events", "z_empty");
        assertThat(first.tables().getFirst().safeUntil()).contains(NOW);
    }

    @Test
    void pages_of_one_listing_fit_together_whatever_happens_meanwhile() {
        Database database = monthly(TestPostgres.newest(), 1, 2, 3);
        Partitions partitions = partitions(database, NOW);
        Page first = partitions.list(all(1, Optional.empty()));
        database.execute("DROP TABLE workflow_events_y2025m01");
        Page second = partitions.list(all(1, first.next()));
        assertThat(names(second)).containsExactly("workflow_events_y2025m02");

        // Another server never read the first page.
        assertThatThrownBy(() -> partitions(database, NOW).list(all(1, first.next())))
                .isInstanceOfSatisfying(
                        CaretakerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_FIELD));
        assertThat(names(partitions.list(all(1, Optional.empty())))).containsExactly("workflow_events_y2025m02");
    }

    @Test
    void partitions_in_a_schema_of_their_own_belong_to_their_table_and_a_schema_out_of_scope_is_refused() {
        Database database = monthly(TestPostgres.newest(), 1);
        database.execute(
                "CREATE SCHEMA parts",
                "CREATE TABLE parts.feb PARTITION OF workflow_events FOR VALUES FROM ('2025-02-01') TO ('2025-03-01')",
                "CREATE TABLE parts.other (id int) PARTITION BY HASH (id)");
        Targets targets = new Targets(List.of(new TargetConfig(
                "t",
                database.url(),
                Optional.empty(),
                Credentials.of(database.user(), database.password()),
                List.of("public"),
                Map.of(),
                TargetConfig.DEFAULT_LOCK_TIMEOUT,
                TargetConfig.DEFAULT_STATEMENT_TIMEOUT,
                OptionalLong.empty(),
                TargetConfig.TuningConfig.NONE)));
        Partitions partitions = new Partitions(targets, Clock.fixed(NOW, ZoneOffset.UTC));
        Page page = partitions.list(all());
        assertThat(names(page)).containsExactly("workflow_events_y2025m01", "feb");
        assertThat(page.tables()).hasSize(1);
        Query other = new Query(
                "t",
                Optional.of(new TableName("parts", "other")),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                10,
                Optional.empty());
        assertThatThrownBy(() -> partitions.list(other)).hasMessageContaining("parts");
    }

    @Test
    void a_table_that_is_not_partitioned_is_refused_by_name() {
        Database database = TestPostgres.newest().database();
        database.execute("CREATE TABLE plain (id int)");
        Query query = new Query(
                "t",
                Optional.of(new TableName("public", "plain")),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                10,
                Optional.empty());
        assertThatThrownBy(() -> list(database, query)).isInstanceOfSatisfying(CaretakerException.class, e -> {
            assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED_RELATION);
            assertThat(e).hasMessageContaining("public.plain");
        });
    }

    private static Database monthly(TestPostgres server, int... months) {
        Database database = server.database();
        database.execute("CREATE TABLE workflow_events (run_id int, ts timestamptz NOT NULL) PARTITION BY RANGE (ts)");
        for (int month : months) {
            database.execute(
                    "SET timezone = 'UTC'",
                    "CREATE TABLE workflow_events_y2025m%02d PARTITION OF workflow_events FOR VALUES FROM ('2025-%02d-01') TO ('2025-%02d-01')"
                            .formatted(month, month, month + 1));
        }
        return database;
    }

    private static List<String> names(Page page) {
        return page.partitions().stream()
                .map(partition -> partition.row().name().name())
                .toList();
    }

    private static Query all(int pageSize, Optional<Long> after) {
        return new Query("t", Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), pageSize, after);
    }

    private static Query all() {
        return new Query("t", Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), 1000, Optional.empty());
    }

    private static Query exact() {
        return new Query(
                "t",
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Optional.of(Duration.ofSeconds(20)),
                1000,
                Optional.empty());
    }

    private static Page list(Database database, Query query) {
        return list(database, query, NOW);
    }

    private static Page list(Database database, Query query, Instant now) {
        return partitions(database, now).list(query);
    }

    private static Partitions partitions(Database database, Instant now) {
        Targets targets = new Targets(List.of(TestTargets.config("t", database)));
        return new Partitions(targets, Clock.fixed(now, ZoneOffset.UTC));
    }
}
