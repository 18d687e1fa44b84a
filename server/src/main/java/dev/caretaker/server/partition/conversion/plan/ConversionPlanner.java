package dev.caretaker.server.partition.conversion.plan;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTable.Column;
import dev.caretaker.server.partition.conversion.table.PlainTable.Constraint;
import dev.caretaker.server.partition.upkeep.grid.CalendarGrid;
import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.store.TableName;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plans a conversion from what the table is. */
public final class ConversionPlanner {
    /** Constraint of a table that is being converted. */
    public static final String CHECK = Script.CHECK;

    private ConversionPlanner() {}

    /** @param obstacles what stands in the way, accepted or not */
    public record Planned(ConversionOrder order, List<Obstacle> obstacles) {}

    /**
     * @param set with encoding and names
     * @param after the boundary is the first line of the grid after this instant
     * @param legacyName name of the partition of old rows
     * @throws CaretakerException INVALID_FIELD
     */
    public static Planned plan(
            PlainTable table,
            PartitionSet set,
            String keyName,
            Instant after,
            Optional<String> legacyName,
            boolean onRequest,
            Set<Loss> accepted) {
        Column key = table.column(keyName)
                .orElseThrow(() -> CaretakerException.invalid(
                        "key", "table " + table.name() + " has no column \"" + keyName + "\""));
        KeyEncoding encoding = set.key();
        if (!encoding.isTime()) {
            throw CaretakerException.invalid(
                    "set.grid", "must be of times: where a key of integers will be at the cut-over nobody knows");
        }
        if (!encoding.types().contains(key.type())) {
            throw CaretakerException.invalid(
                    "set.encoding", encoding + " does not fit " + key.name() + ", which is " + key.type());
        }
        BigInteger line = set.lines().next(set.position(after));
        String boundary = encoding.write(line, false);
        TableName legacy = new TableName(
                table.name().schema(),
                legacyName.orElseGet(() -> Names.with(table.name().name(), "_legacy")));
        TableName prepared =
                new TableName(table.name().schema(), Names.with(table.name().name(), "__caretaker"));
        Map<TableName, List<String>> partitions = partitions(set, line);
        Script script = new Script(table, key, legacy, prepared, boundary);
        ConversionOrder order = new ConversionOrder(
                table,
                legacy,
                prepared,
                key.name(),
                key.type(),
                boundary,
                Optional.of(instant(set, line)),
                script.keyIndexes(),
                List.copyOf(partitions.keySet()),
                script.parent(partitions),
                script.cutOver(),
                script.revert(),
                script.leftovers(),
                table.outgoing().stream()
                        .map(Constraint::referencedOid)
                        .distinct()
                        .toList(),
                onRequest);
        return new Planned(order, Obstacles.of(table, key, accepted));
    }

    private static Instant instant(PartitionSet set, BigInteger line) {
        Instant shown = CalendarGrid.instant(line);
        return set.key().isLocal()
                ? LocalDateTime.ofInstant(shown, ZoneOffset.UTC)
                        .atZone(set.zone())
                        .toInstant()
                : shown;
    }

    private static Map<TableName, List<String>> partitions(PartitionSet set, BigInteger first) {
        Map<TableName, List<String>> partitions = new LinkedHashMap<>();
        BigInteger from = first;
        for (int i = 0; i < Math.max(1, set.ahead().partitions()); i++) {
            BigInteger to = set.lines().next(from);
            List<String> bounds = new ArrayList<>();
            bounds.add(set.key().write(from, false));
            bounds.add(set.key().write(to, false));
            partitions.put(set.nameOf(new KeyRange(KeyPoint.at(from), KeyPoint.at(to))), bounds);
            from = to;
        }
        return partitions;
    }
}
