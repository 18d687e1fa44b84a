package dev.caretaker.server.partition.listing;

import static dev.caretaker.server.partition.listing.Listings.EVENTS;
import static dev.caretaker.server.partition.listing.Listings.NOW;
import static dev.caretaker.server.partition.listing.Listings.all;
import static dev.caretaker.server.partition.listing.Listings.list;
import static dev.caretaker.server.partition.listing.Listings.monthly;
import static dev.caretaker.server.partition.listing.Listings.names;
import static dev.caretaker.server.partition.listing.Listings.partitions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.listing.Partitions.Page;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Targets;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which tables and partitions are listed, and page by page. */
class PartitionPagesTest {
    @Test
    void pages_follow_each_other_without_gap_or_repeat() {
        Database database = monthly(TestPostgres.newest(), 1, 2, 3, 4, 5, 6, 7);
        List<String> seen = new ArrayList<>();
        Optional<Long> after = Optional.empty();
        do {
            Page page = list(
                    database,
                    new PartitionQuery(
                            "t", Optional.of(EVENTS), Optional.empty(), Set.of(), Optional.empty(), 3, after));
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
                new PartitionQuery(
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
        PartitionQuery other = new PartitionQuery(
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
        PartitionQuery query = new PartitionQuery(
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
}
