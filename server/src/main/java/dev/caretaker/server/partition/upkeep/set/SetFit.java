package dev.caretaker.server.partition.upkeep.set;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.partition.upkeep.grid.CalendarGrid;
import dev.caretaker.server.partition.upkeep.grid.CalendarUnit;
import dev.caretaker.server.partition.upkeep.grid.IntegerGrid;
import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.NameTemplate;
import dev.caretaker.server.partition.upkeep.table.TableState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a set fits its table, and what follows from the table where the set leaves it open.
 *
 * @param set with encoding and name template; empty if there is something to complain about
 * @param violations what does not fit
 */
public record SetFit(Optional<PartitionSet> set, List<FieldViolation> violations) {

    /** @param path of the set in the request, for example {@code sets[0]} */
    static SetFit of(PartitionSet set, TableState table, String path) {
        Optional<String> refusal = refusal(table);
        if (refusal.isPresent()) {
            return refused(new FieldViolation(path + ".table.name", refusal.get()));
        }
        Optional<KeyEncoding> encoding = set.encoding().or(() -> usual(set, type(table)));
        if (encoding.isEmpty()) {
            return refused(untold(type(table), path));
        }
        List<FieldViolation> violations = new ArrayList<>();
        objection(set, encoding.get(), table.keyColumn().orElseThrow(), type(table), path)
                .ifPresent(violations::add);
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

    /**
     * The set of a table that is yet to be partitioned, with what follows from its key.
     *
     * @throws CaretakerException INVALID_FIELD, with the path {@code set}
     */
    public static PartitionSet of(PartitionSet set, NameTemplate names, String column, String type) {
        KeyEncoding encoding =
                set.encoding().or(() -> usual(set, type)).orElseThrow(() -> invalid(untold(type, "set")));
        objection(set, encoding, column, type, "set").ifPresent(violation -> {
            throw invalid(violation);
        });
        return set.resolved(encoding, names);
    }

    private static CaretakerException invalid(FieldViolation violation) {
        return CaretakerException.invalid(violation.field(), violation.description());
    }

    private static FieldViolation untold(String type, String path) {
        return new FieldViolation(
                path + ".encoding", "is required: keys of type " + type + " do not tell which times they denote");
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
        boolean known = Arrays.stream(KeyEncoding.values())
                .anyMatch(encoding -> encoding.types().contains(type(table)));
        return known
                ? Optional.empty()
                : Optional.of("the key of " + name + " is " + type(table)
                        + "; sets are for timestamptz, timestamp, date, uuid of version 7, and integers");
    }

    private static Optional<KeyEncoding> usual(PartitionSet set, String type) {
        if (set.grid() instanceof IntegerGrid) {
            return Optional.of(KeyEncoding.INTEGER);
        }
        return switch (type) {
            case "timestamp with time zone" -> Optional.of(KeyEncoding.TIMESTAMPTZ);
            case "timestamp without time zone" -> Optional.of(KeyEncoding.TIMESTAMP);
            case "date" -> Optional.of(KeyEncoding.DATE);
            case "uuid" -> Optional.of(KeyEncoding.UUID_V7);
            default -> Optional.empty();
        };
    }

    private static Optional<FieldViolation> objection(
            PartitionSet set, KeyEncoding encoding, String column, String type, String path) {
        if (!encoding.types().contains(type)) {
            return Optional.of(new FieldViolation(
                    path + ".encoding",
                    encoding + " needs a key of type "
                            + encoding.types().stream().sorted().collect(Collectors.joining(" or ")) + ", but \""
                            + column + "\" is " + type));
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
