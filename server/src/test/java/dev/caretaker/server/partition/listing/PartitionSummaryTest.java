package dev.caretaker.server.partition.listing;

import static dev.caretaker.server.partition.listing.Listings.BOTH;
import static dev.caretaker.server.partition.listing.Listings.EVENTS;
import static dev.caretaker.server.partition.listing.Listings.NOW;
import static dev.caretaker.server.partition.listing.Listings.all;
import static dev.caretaker.server.partition.listing.Listings.list;
import static dev.caretaker.server.partition.listing.Listings.monthly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.partition.listing.Partitions.Page;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the partitions of a table say as a whole: rhythm, names, runway, gaps. */
class PartitionSummaryTest {
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
    void a_partition_for_all_time_to_come_has_no_width_to_tell(TestPostgres server) {
        Database database = server.database();
        database.execute(
                "CREATE TABLE last (d date) PARTITION BY RANGE (d)",
                "CREATE TABLE last_1 PARTITION OF last FOR VALUES FROM ('2020-01-01') TO ('5874897-12-31')",
                "CREATE TABLE round (d date) PARTITION BY RANGE (d)",
                "CREATE TABLE round_1 PARTITION OF round FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
                "CREATE TABLE round_2 PARTITION OF round FOR VALUES FROM ('2021-01-01') TO ('9999-12-31')");
        List<PartitionedTable> tables = list(database, all()).tables();
        assertThat(tables.getFirst().interval()).isEmpty();
        assertThat(tables.getLast().interval().orElseThrow().describe()).isEqualTo("1 year");
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
}
