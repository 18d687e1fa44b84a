package dev.caretaker.server.partition.upkeep.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.partition.upkeep.grid.CalendarGrid;
import dev.caretaker.server.partition.upkeep.grid.CalendarUnit;
import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.plan.DefaultRows.Stretch;
import dev.caretaker.server.partition.upkeep.set.Ahead;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.table.TableReader;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However large a default partition is, and whether there is an index or not, it is told where its rows lie. */
class DefaultCountTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    private static final TableName EVENTS = new TableName("public", "events");
    private static final Instant NOW = Instant.parse("2025-06-20T00:00:00Z");

    @ParameterizedTest
    @MethodSource(BOTH)
    void all_ways_to_look_into_it_find_the_stretch_that_holds_most_of_its_rows(TestPostgres server)
            throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE events (at timestamptz, filler text) PARTITION BY RANGE (at)",
                "CREATE TABLE events_2025_01 PARTITION OF events FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2025-02-01 00:00+00')",
                "CREATE TABLE events_default PARTITION OF events DEFAULT",
                "ALTER TABLE events_default ALTER filler SET STORAGE PLAIN",
                // 64 MB: more than a sample reads
                "INSERT INTO events SELECT timestamptz '2025-02-01 00:00+00' + i * interval '5 minutes', repeat('x', 2000)"
                        + " FROM generate_series(0, 31999) i",
                "INSERT INTO events VALUES (NULL), ('1970-01-01'), ('2024-05-05'), ('9999-01-01')");
        try (Connection connection = database.connect()) {
            DefaultRows whole = look(connection, KeyEncoding.TIMESTAMPTZ, Duration.ofMinutes(1));
            assertThat(whole.exact()).isTrue();
            assertThat(whole.nullKeys()).isEqualTo(1);
            assertThat(whole.total()).isEqualTo(32_004);
            assertThat(whole.stretches()).hasSize(4);

            DefaultRows sampled = look(connection, KeyEncoding.TIMESTAMPTZ, Duration.ofMillis(1));
            assertThat(sampled.exact()).isFalse();
            assertSame(sampled, whole);

            database.execute("CREATE INDEX ON events (at)");
            DefaultRows indexed = look(connection, KeyEncoding.TIMESTAMPTZ, Duration.ofMillis(1));
            assertThat(indexed.exact()).isFalse();
            assertThat(indexed.nullKeys()).isEqualTo(1);
            assertThat(indexed.total() - indexed.densest().orElseThrow().rows()).isEqualTo(4);
            assertSame(indexed, whole);
            assertThat(indexed.densest().orElseThrow().lowest())
                    .isEqualTo(whole.densest().orElseThrow().lowest());
        }
    }

    /** The same gap; and about as many rows, of about the same time. */
    private static void assertSame(DefaultRows one, DefaultRows other) {
        Stretch dense = one.densest().orElseThrow();
        Stretch expected = other.densest().orElseThrow();
        assertThat(dense.gap()).isEqualTo(expected.gap());
        assertThat(dense.rows()).isGreaterThan(Adopting.MOST_OUTLIERS);
        assertThat(dense.lowest().compareTo(expected.lowest())).isNotNegative();
        assertThat(dense.highest().isNotAfter(expected.highest())).isTrue();
        assertThat(dense.lowest().isBefore(dense.highest())).isTrue();
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void uuids_are_told_too_where_no_index_and_no_least_uuid_is(TestPostgres server) throws SQLException {
        Database database = server.database();
        database.execute(
                "CREATE TABLE events (at uuid) PARTITION BY RANGE (at)",
                "CREATE TABLE events_default PARTITION OF events DEFAULT",
                "INSERT INTO events VALUES ('0197839a-1400-7000-8000-000000000001'),"
                        + " ('0197839a-1400-7fff-8000-00000000000a'), ('0197839a-1400-7000-8000-000000000000')");
        try (Connection connection = database.connect()) {
            DefaultRows rows = look(connection, KeyEncoding.UUID_V7, Duration.ofMinutes(1));
            Stretch dense = rows.densest().orElseThrow();
            assertThat(dense.rows()).isEqualTo(3);
            assertThat(Optional.of(dense.lowest()))
                    .isEqualTo(KeyEncoding.UUID_V7.read("0197839a-1400-7000-8000-000000000000"));
            assertThat(Optional.of(dense.highest()))
                    .isEqualTo(KeyEncoding.UUID_V7.read("0197839a-1400-7fff-8000-00000000000a"));
        }
    }

    private static DefaultRows look(Connection connection, KeyEncoding encoding, Duration longest) throws SQLException {
        PartitionSet set = new PartitionSet(
                "events",
                "test",
                EVENTS,
                new CalendarGrid(CalendarUnit.MONTH, 1, ZoneOffset.UTC, Optional.empty()),
                Optional.of(encoding),
                new Ahead(2, Duration.ofDays(15)),
                0,
                Optional.empty(),
                PartitionSet.DefaultRule.ADOPT,
                Optional.empty(),
                false,
                false,
                "");
        TableState table = TableReader.read(connection, List.of(EVENTS), false).get(EVENTS);
        return new DefaultCount(connection, set, table, table.defaultPartition().orElseThrow(), longest)
                .read(Gaps.between(FactsReader.ranges(set, table).toList()), NOW);
    }
}
