package dev.caretaker.server.partition.listing;

import dev.caretaker.server.partition.listing.Partitions.Page;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Targets;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tables to list, and short ways to ask for them, at noon of 15 March 2025. */
final class Listings {
    static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";
    static final Instant NOW = Instant.parse("2025-03-15T12:00:00Z");
    static final TableName EVENTS = new TableName("public", "workflow_events");

    private Listings() {}

    static Database monthly(TestPostgres server, int... months) {
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

    static List<String> names(Page page) {
        return page.partitions().stream()
                .map(partition -> partition.row().name().name())
                .toList();
    }

    static PartitionQuery all(int pageSize, Optional<Long> after) {
        return new PartitionQuery("t", Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), pageSize, after);
    }

    static PartitionQuery all() {
        return new PartitionQuery(
                "t", Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), 1000, Optional.empty());
    }

    static PartitionQuery exact() {
        return new PartitionQuery(
                "t",
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Optional.of(Duration.ofSeconds(20)),
                1000,
                Optional.empty());
    }

    static Page list(Database database, PartitionQuery query) {
        return list(database, query, NOW);
    }

    static Page list(Database database, PartitionQuery query, Instant now) {
        return partitions(database, now).list(query);
    }

    static Partitions partitions(Database database, Instant now) {
        Targets targets = new Targets(List.of(TestTargets.config("t", database)));
        return new Partitions(targets, Clock.fixed(now, ZoneOffset.UTC));
    }
}
