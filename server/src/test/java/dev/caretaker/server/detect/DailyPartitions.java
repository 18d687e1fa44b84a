package dev.caretaker.server.detect;

import dev.caretaker.server.detect.PolicyFacts.PolicyFact;
import dev.caretaker.server.detect.PolicyFacts.Reach;
import dev.caretaker.server.store.TableName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** Partitions by the day, and policies on their tables, for checks of partitions. */
final class DailyPartitions {
    static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

    private DailyPartitions() {}

    /** A table of the key type with a partition a day, from {@code first} to {@code last} days from today. */
    static Scene daily(Scene scene, String table, String type, int first, int last) {
        scene.plant("CREATE TABLE " + table + " (ts " + type + " NOT NULL, body text) PARTITION BY RANGE (ts)");
        for (int day = first; day <= last; day++) {
            partition(scene, table, "d" + (day - first), TODAY.plusDays(day), TODAY.plusDays(day + 1));
        }
        return scene;
    }

    static void partition(Scene scene, String table, String suffix, LocalDate from, LocalDate to) {
        String name = table.endsWith("\"")
                ? table.substring(0, table.length() - 1) + " " + suffix + "\""
                : table + "_" + suffix;
        scene.plant("CREATE TABLE " + name + " PARTITION OF " + table + " FOR VALUES FROM ('" + from + "') TO ('" + to
                + "')");
    }

    static PolicyFact policy(
            String name, String schema, String table, String column, Duration retention, boolean filtered) {
        Instant cutoff = Instant.now().minus(retention);
        String summary =
                "{\"name\": \"%s\", \"schema\": \"%s\", \"table\": \"%s\", \"time_column\": \"%s\", \"filtered\": %s, \"cutoff\": \"%s\"}"
                        .formatted(name, schema, table, column, filtered, cutoff);
        CheckSql.Bound none = new CheckSql.Bound("false", List.of());
        return new PolicyFact(name, new TableName(schema, table), cutoff, summary, new Reach(none, none, none));
    }

    /** The same for a column that counts so many units a second. */
    static PolicyFact counting(int perSecond, PolicyFact fact) {
        return new PolicyFact(
                fact.policy(),
                fact.table(),
                fact.cutoff(),
                fact.summary().replace("{\"name", "{\"per_second\": " + perSecond + ", \"name"),
                fact.reading());
    }
}
