package dev.caretaker.server.partition.upkeep.set;

import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.partition.upkeep.grid.CalendarGrid;
import dev.caretaker.server.partition.upkeep.grid.CalendarUnit;
import dev.caretaker.server.partition.upkeep.grid.IntegerGrid;
import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.NameTemplate;
import dev.caretaker.server.partition.upkeep.table.TableState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a set fits its table, and what follows from the table where the set leaves it open.
 *
 * @param set with encoding and name template; empty if there is something to complain about
 * @param violations what does not fit
 */
record SetFit(Optional<PartitionSet> set, List<FieldViolation> violations) {

    /** @param path of the set in the request, for example {@code sets[0]} */
    static SetFit of(PartitionSet set, TableState table, String path) {
        Optional<String> refusal = refusal(table);
        if (refusal.isPresent()) {
            return refused(new FieldViolation(path + ".table.name", refusal.get()));
        }
        Optional<KeyEncoding> encoding = set.encoding().or(() -> usual(set, table));
        if (encoding.isEmpty()) {
            return refused(new FieldViolation(
                    path + ".encoding",
                    "is required: keys of type " + type(table) + " do not tell which times they denote"));
        }
        List<FieldViolation> violations = new ArrayList<>();
        objection(set, encoding.get(), table, path).ifPresent(violations::add);
        if (!violations.isEmpty()) {
            return new SetFit(Optional.empty(), violations);
        }
        NameTemplate names = set.names().orElseGet(() -> NamesOf.recognised(set, encoding.get(), table));
        names.objection(set.grid(), set.table().name())
                .ifPresent(why -> violations.add(new FieldViolation(path + ".name_pattern", why)));
        return violations.isEmpty()
                ? new SetFit(Optional.of(set.resolved(encoding.get(), names)), List.of())
                : new SetFit(Optional.empty(), violations);
    }

    private static SetFit refused(FieldViolation violation) {
        return new SetFit(Optional.empty(), List.of(violation));
    }

    /** Why no set can be for that table; empty if one can. */
    static Optional<String> refusal(TableState table) {
        String name = "\"" + table.name() + "\"";
        if (table.partitioned().isEmpty()) {
            return Optional.of(name + " is not partitioned");
        }
        if (!table.partitioned().get().equals("RANGE")) {
            return Optional.of(
                    name + " is partitioned by " + table.partitioned().get() + "; sets are for ranges");
        }
        if (table.keyColumn().isEmpty()) {
            return Optional.of(name + " is partitioned by several columns or an expression; sets are for one column");
        }
        return Optional.empty();
    }

    private static Optional<KeyEncoding> usual(PartitionSet set, TableState table) {
        if (set.grid() instanceof IntegerGrid) {
            return Optional.of(KeyEncoding.INTEGER);
        }
        return switch (type(table)) {
            case "timestamp with time zone" -> Optional.of(KeyEncoding.TIMESTAMPTZ);
            case "timestamp without time zone" -> Optional.of(KeyEncoding.TIMESTAMP);
            case "date" -> Optional.of(KeyEncoding.DATE);
            case "uuid" -> Optional.of(KeyEncoding.UUID_V7);
            default -> Optional.empty();
        };
    }

    private static Optional<FieldViolation> objection(
            PartitionSet set, KeyEncoding encoding, TableState table, String path) {
        if (!encoding.types().contains(type(table))) {
            return Optional.of(new FieldViolation(
                    path + ".encoding",
                    encoding + " needs a key of type "
                            + encoding.types().stream().sorted().collect(Collectors.joining(" or ")) + ", but \""
                            + table.keyColumn().orElseThrow() + "\" is " + type(table)));
        }
        boolean integers = set.grid() instanceof IntegerGrid;
        if (integers == encoding.isTime()) {
            return Optional.of(new FieldViolation(
                    path + ".grid",
                    integers ? "must be a calendar for keys that denote times" : "must be of integers"));
        }
        if (encoding == KeyEncoding.DATE
                && set.grid() instanceof CalendarGrid calendar
                && calendar.unit() == CalendarUnit.HOUR) {
            return Optional.of(new FieldViolation(path + ".grid.calendar.unit", "must be whole days for a date"));
        }
        boolean byTime = set.retirement()
                .filter(retirement -> retirement.keep() instanceof Retirement.ByTime)
                .isPresent();
        return integers && byTime
                ? Optional.of(new FieldViolation(
                        path + ".retirement", "must keep a number of partitions: integers do not tell their age"))
                : Optional.empty();
    }

    private static String type(TableState table) {
        return table.keyType().orElse("unknown");
    }
}
