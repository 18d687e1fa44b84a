package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.partition.conversion.table.HighestKey;
import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTable.Column;
import dev.caretaker.server.partition.conversion.table.PlainTable.Constraint;
import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.store.TableName;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plans a conversion from what the table is. */
public final class ConversionPlanner {
    private final PlainTable table;
    private final Column key;
    private final Wish wish;
    private final Boundary boundary;

    private ConversionPlanner(PlainTable table, Column key, Wish wish, Boundary boundary) {
        this.table = table;
        this.key = key;
        this.wish = wish;
        this.boundary = boundary;
    }

    /**
     * @param obstacles what stands in the way, accepted or not
     * @param names relations that the conversion makes: no other may have these names
     */
    public record Planned(ConversionOrder order, List<Obstacle> obstacles, List<TableName> names) {}

    /**
     * @param highest how far the keys go
     * @throws CaretakerException INVALID_FIELD
     */
    public static Planned plan(PlainTable table, HighestKey highest, Wish wish) {
        Column key = table.column(wish.key())
                .orElseThrow(() -> CaretakerException.invalid(
                        "key_column", "table " + table.name() + " has no column \"" + wish.key() + "\""));
        return new ConversionPlanner(table, key, wish, Boundary.of(wish, highest)).plan(highest);
    }

    private Planned plan(HighestKey highest) {
        String schema = table.name().schema();
        TableName legacy = new TableName(
                schema,
                wish.legacyName().orElseGet(() -> Names.with(table.name().name(), "_legacy")));
        TableName prepared = new TableName(schema, Names.with(table.name().name(), "__caretaker"));
        Map<TableName, List<String>> partitions = partitions();
        Script script = new Script(table, key, legacy, prepared, boundary.text());
        ConversionOrder order = new ConversionOrder(
                table,
                legacy,
                prepared,
                key.name(),
                key.type(),
                boundary.text(),
                boundary.time(),
                boundary.near(),
                script.keyIndexes(),
                List.copyOf(partitions.keySet()),
                script.parent(partitions),
                script.cutOver(),
                script.revert(),
                script.brings(),
                script.leftovers(),
                table.outgoing().stream()
                        .map(Constraint::referencedOid)
                        .distinct()
                        .toList(),
                wish.cutOver());
        List<Obstacle> obstacles = new ArrayList<>(Obstacles.of(table, key, wish.accepted()));
        boundary.obstacle(wish, highest).ifPresent(obstacles::add);
        List<TableName> names = new ArrayList<>(script.names());
        names.addAll(partitions.keySet());
        return new Planned(order, obstacles, names);
    }

    private Map<TableName, List<String>> partitions() {
        PartitionSet set = wish.set();
        Map<TableName, List<String>> partitions = new LinkedHashMap<>();
        BigInteger from = boundary.line();
        for (int i = 0; i < Math.max(1, set.ahead().partitions()); i++) {
            BigInteger to = set.lines().next(from);
            partitions.put(
                    set.nameOf(new KeyRange(KeyPoint.at(from), KeyPoint.at(to))),
                    List.of(set.key().write(from, false), set.key().write(to, false)));
            from = to;
        }
        return partitions;
    }
}
