package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.table.RangeKeys;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.PartitionBound;
import dev.caretaker.server.target.catalog.Relation;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares the bounds of partitions with a cutoff, on the server and in the time column's own type. */
final class Ages {
    private static final String MINUS_INFINITY = "-infinity";

    private final Connection connection;

    Ages(Connection connection) {
        this.connection = connection;
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
        Sql.of(text, bound, bound, array("bigint", oids), array("text", lower), array("text", upper))
                .list(connection, row -> {
                    long oid = row.getLong("oid");
                    if (row.getBoolean("young")) {
                        ages.put(oid, Age.YOUNG);
                    } else if (row.getBoolean("old") && isOld(tree, tree.get(oid), timeColumn)) {
                        ages.put(oid, Age.OLD);
                    }
                    return oid;
                });
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

    /** Bounds that leave room for -infinity, or that are those of several columns, prove nothing. */
    private static boolean isOld(TableTree tree, Relation relation, String column) {
        boolean sole = tree.parent(relation)
                .flatMap(Relation::partitionKey)
                .filter(key -> RangeKeys.isSolely(key, column))
                .isPresent();
        Optional<String> lower =
                RangeKeys.text(RangeKeys.range(relation).orElseThrow().from().getFirst());
        boolean finite = lower.isPresent() && !lower.get().equals(MINUS_INFINITY);
        return sole && finite;
    }
}
