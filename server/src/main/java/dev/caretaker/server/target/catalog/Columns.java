package dev.caretaker.server.target.catalog;

import dev.caretaker.server.target.catalog.Column.ColumnStatistics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gathers the columns of many relations, most of which are partitions that are all alike: these share one list of columns,
 * without statistics, and of their statistics only {@link ColumnFigures} are kept.
 */
final class Columns {
    private final Set<Long> inFull;
    private final Map<List<Column>, List<Column>> alike = new HashMap<>();
    private final Map<Long, List<Column>> columns = new HashMap<>();
    private final Map<Long, ColumnFigures> figures = new HashMap<>();
    private final List<Column> current = new ArrayList<>();
    private long relation;

    /** @param inFull relations whose columns keep their statistics */
    Columns(Set<Long> inFull) {
        this.inFull = inFull;
    }

    /** The columns of a relation come one after the other. */
    void add(long oid, Column column) {
        if (oid != relation) {
            end();
            relation = oid;
        }
        current.add(column);
    }

    /** No more columns come. */
    void end() {
        if (current.isEmpty()) {
            return;
        }
        List<Column> kept = inFull.contains(relation) ? List.copyOf(current) : shared();
        columns.put(relation, kept);
        figures.put(relation, ColumnFigures.of(current, kept));
        current.clear();
    }

    private List<Column> shared() {
        List<Column> plain = current.stream().map(Columns::withoutStatistics).toList();
        return alike.computeIfAbsent(plain, first -> first);
    }

    private static Column withoutStatistics(Column column) {
        return new Column(
                column.name(),
                column.number(),
                column.type(),
                column.baseTypeOid(),
                column.baseType(),
                column.castType(),
                column.category(),
                column.notNull(),
                column.generated(),
                ColumnStatistics.UNKNOWN);
    }

    List<Column> of(long oid) {
        return columns.getOrDefault(oid, List.of());
    }

    ColumnFigures figures(long oid) {
        return figures.getOrDefault(oid, ColumnFigures.of(List.of()));
    }
}
