package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.table.RangeKeys;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.PartitionBound;
import dev.caretaker.server.target.catalog.Relation;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the bounds of partitions with a cutoff, on the server and in the time column's own type. Only where a partition has no
 * beginning its rows are looked at.
 */
final class Ages {
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Asking asking;
    private final Connection connection;

    Ages(Asking asking) {
        this.asking = asking;
        this.connection = asking.connection();
    }

    /** By oid. Only partitions of which the bounds decide; all in one query. */
    Map<Long, Age> of(TableTree tree, String timeColumn, String bound) throws SQLException {
        List<Relation> ranged = tree.relations().stream()
                .filter(relation -> RangeKeys.range(relation).isPresent() && isLedBy(tree, relation, timeColumn))
                .toList();
        if (ranged.isEmpty()) {
            return Map.of();
        }
        List<Long> oids = new ArrayList<>();
        List<String> lower = new ArrayList<>();
        List<String> upper = new ArrayList<>();
        for (Relation relation : ranged) {
            oids.add(relation.oid());
            PartitionBound.Range range = RangeKeys.range(relation).orElseThrow();
            lower.add(RangeKeys.text(range.from().getFirst()).orElse(null));
            upper.add(RangeKeys.text(range.to().getFirst()).orElse(null));
        }
        String type = tree.column(timeColumn).orElseThrow().castType();
        String text = Sql.resource("cleanup/partition_ages").text().replace("{type}", type);
        Map<Long, Age> ages = new HashMap<>();
        List<Long> old = new ArrayList<>();
        Sql.of(text, bound, bound, array("bigint", oids), array("text", lower), array("text", upper))
                .list(connection, row -> {
                    long oid = row.getLong("oid");
                    if (row.getBoolean("young")) {
                        ages.put(oid, Age.YOUNG);
                    } else if (row.getBoolean("old") && isSolelyBy(tree, tree.get(oid), timeColumn)) {
                        old.add(oid);
                    }
                    return oid;
                });
        for (long oid : old) {
            if (keepsOut(tree, tree.get(oid), timeColumn)) {
                ages.put(oid, Age.OLD);
            }
        }
        return ages;
    }

    private Array array(String type, List<?> values) throws SQLException {
        return connection.createArrayOf(type, values.toArray());
    }

    private static boolean isLedBy(TableTree tree, Relation relation, String column) {
        return tree.parent(relation)
                .flatMap(Relation::partitionKey)
                .filter(key -> RangeKeys.leads(key, column))
                .isPresent();
    }

    /** Bounds of several columns prove nothing. */
    private static boolean isSolelyBy(TableTree tree, Relation relation, String column) {
        return tree.parent(relation)
                .flatMap(Relation::partitionKey)
                .filter(key -> RangeKeys.isSolely(key, column))
                .isPresent();
    }

    /** Bounds that leave room for -infinity prove nothing until a look into the partition finds none, and is quick. */
    private boolean keepsOut(TableTree tree, Relation relation, String column) throws SQLException {
        Optional<String> infinite = Unbounded.infinite(tree, relation, column);
        if (infinite.isEmpty()) {
            return true;
        }
        Sql found = Sql.of(
                "SELECT EXISTS (SELECT FROM " + Identifiers.quote(relation.name()) + " WHERE " + infinite.get() + ")");
        try {
            return asking.quickly(LOOK, () -> found.one(connection, row -> row.getBoolean(1)))
                    .filter(holds -> !holds)
                    .isPresent();
        } catch (SQLException e) {
            if (PostgresErrors.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState()) || PostgresErrors.isOfForeignServer(e)) {
                return false;
            }
            throw e;
        }
    }
}
