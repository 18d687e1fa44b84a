package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.cleanup.policy.PolicySuggestion.StateColumn;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.Column;
import dev.caretaker.server.target.catalog.ForeignKey;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Suggests a policy for a table from what the catalog says of it. No row is read. */
@Singleton
public final class PolicySuggestions {
    /** A placeholder: long enough that whoever overlooks it loses little. */
    private static final Duration KEEP = Duration.ofDays(90);

    private static final int LONGEST_NAME = 63;
    private static final Set<String> STATES =
            Set.of("status", "state", "phase", "stage", "archived", "deleted", "done", "processed", "completed");
    private static final Set<String> STATE_TYPES =
            Set.of("text", "character varying", "character", "smallint", "integer", "boolean");

    private final Policies policies;
    private final PolicyValidation validation;

    PolicySuggestions(Policies policies, PolicyValidation validation) {
        this.policies = policies;
        this.validation = validation;
    }

    /** @throws CaretakerException INVALID_FIELD if no policy fits the table, TARGET_UNREACHABLE */
    public PolicySuggestion suggest(String target, TableName table) {
        TableTree tree = validation.table(target, table);
        List<TimeColumnGuess> times = TimeColumnGuess.of(tree);
        if (times.isEmpty()) {
            throw CaretakerException.invalid(
                    "table",
                    "has no column that seems to say how old a row is: a timestamp, a date, or seconds in a number");
        }
        TimeColumnGuess time = times.getFirst();
        boolean local = time.kind() == TimeColumn.Kind.TIMESTAMP || time.kind() == TimeColumn.Kind.DATE;
        Policy policy = new Policy(
                name(target, table),
                target,
                table,
                new TimeColumn(
                        time.column().name(), time.kind(), local ? Optional.of(ZoneOffset.UTC) : Optional.empty()),
                new Retention.Fixed(KEEP),
                Optional.empty(),
                Cascades.NONE,
                false,
                Policy.FollowUp.AUTO,
                Limits.NONE,
                "");
        return new PolicySuggestion(policy, notes(tree, times), state(tree, time), referring(tree, true));
    }

    private String name(String target, TableName table) {
        String plain = String.join("-", TimeColumnGuess.words(table.name()))
                .replaceAll("[^a-z0-9_-]+", "")
                .replaceAll("^[^a-z]+", "");
        String name = plain.isEmpty() ? "policy" : plain;
        Set<String> taken = policies.ofTarget(target).stream()
                .map(stored -> stored.policy().name())
                .collect(Collectors.toSet());
        return Stream.iterate(1, number -> number + 1)
                .map(number -> number == 1 ? "" : "-" + number)
                .map(suffix -> name.substring(0, Math.min(name.length(), LONGEST_NAME - suffix.length())) + suffix)
                .filter(candidate -> !taken.contains(candidate))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> notes(TableTree tree, List<TimeColumnGuess> times) {
        TimeColumnGuess time = times.getFirst();
        List<String> notes = new ArrayList<>();
        String why = time.cuts()
                ? ", by which the table is partitioned."
                : time.leads()
                        ? ", by which an index finds rows."
                        : ". No index leads with it: each cleanup reads the whole table.";
        notes.add("Rows are dated by " + quoted(time) + " (" + time.column().type() + ")" + why);
        if (times.size() > 1) {
            notes.add("Other columns may date them: "
                    + times.stream().skip(1).map(PolicySuggestions::quoted).collect(Collectors.joining(", ")) + ".");
        }
        if (!time.column().notNull()) {
            notes.add("Rows whose " + quoted(time) + " is NULL are kept for good.");
        }
        switch (time.kind()) {
            case TIMESTAMP, DATE ->
                notes.add("Its values are read in UTC: name the zone in which they are written, if that is another.");
            case EPOCH_SECONDS, EPOCH_MILLIS, EPOCH_MICROS ->
                notes.add("Its name alone says what its numbers count: see whether they are "
                        + time.kind().name().toLowerCase(Locale.ROOT).replaceFirst("epoch_", "") + " since 1970.");
            case TIMESTAMPTZ, UUID_V7 -> {}
        }
        List<TableName> pinning = referring(tree, false);
        if (!pinning.isEmpty()) {
            notes.add(
                    "Rows that other rows refer to cannot be deleted, and skipPinned: true leaves them out. They are in "
                            + names(pinning) + ".");
        }
        return notes;
    }

    private static String quoted(TimeColumnGuess guess) {
        return "\"" + guess.column().name() + "\"";
    }

    private static String names(List<TableName> tables) {
        return tables.stream().map(TableName::toString).collect(Collectors.joining(", "));
    }

    private static List<TableName> referring(TableTree tree, boolean changed) {
        return tree.incomingKeys().stream()
                .filter(key -> key.changesChild() == changed)
                .map(ForeignKey::child)
                .distinct()
                .toList();
    }

    private static Optional<StateColumn> state(TableTree tree, TimeColumnGuess time) {
        return tree.root().columns().stream()
                .filter(column -> !column.name().equals(time.column().name()))
                .filter(column ->
                        STATES.contains(TimeColumnGuess.words(column.name()).getLast()))
                .filter(column -> STATE_TYPES.contains(column.baseType())
                        || !tree.labels(column).isEmpty())
                .findFirst()
                .map(column -> new StateColumn(column.name(), values(tree, column)));
    }

    private static List<Constant> values(TableTree tree, Column column) {
        return column.baseType().equals("boolean")
                ? List.of(new Constant(Constant.Kind.BOOL, "true"))
                : tree.labels(column).stream()
                        .map(label -> new Constant(Constant.Kind.STRING, label))
                        .toList();
    }
}
