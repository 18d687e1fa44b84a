package dev.caretaker.server.backup;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A selection, as the database has it.
 *
 * @param tables that are copied, those above before those below
 * @param withoutRows names of those whose rows are not
 */
public record Selected(Selection selection, List<FoundTable> tables, Set<TableName> withoutRows) {

    /**
     * Finds what is selected. Partitions come with their tables.
     *
     * @throws CaretakerException INVALID_FIELD for a table that is not there
     */
    public static Selected of(Selection selection, Target target, List<FoundTable> all) {
        Set<TableName> names = new HashSet<>(selection.tables());
        Set<TableName> empty = new HashSet<>(selection.withoutRows());
        requireAll("selection.tables", selection.tables(), all);
        requireAll("selection.without_rows", selection.withoutRows(), all);
        List<FoundTable> tables = new ArrayList<>();
        for (FoundTable table : all) {
            boolean wanted = selection.takesAllObjects()
                    || names.contains(table.name())
                    || selection.schemas().contains(table.name().schema())
                    || table.parent().filter(names::contains).isPresent();
            if (wanted && target.inScope(table.name().schema())) {
                names.add(table.name());
                tables.add(table);
            }
            if (table.parent().filter(empty::contains).isPresent()) {
                empty.add(table.name());
            }
        }
        return new Selected(selection, List.copyOf(tables), Set.copyOf(empty));
    }

    private static void requireAll(String field, List<TableName> wanted, List<FoundTable> all) {
        for (int i = 0; i < wanted.size(); i++) {
            TableName name = wanted.get(i);
            if (all.stream().noneMatch(table -> table.name().equals(name))) {
                throw CaretakerException.invalid(field + "[" + i + "]", "there is no table " + name);
            }
        }
    }

    /** Whether an object that is no table is wanted by its name. */
    public boolean takes(TableName name) {
        return selection.takesAllObjects()
                || selection.schemas().contains(name.schema())
                || selection.tables().contains(name);
    }

    /** Whether the rows of a table are copied. */
    public boolean hasRows(FoundTable table) {
        return !table.partitioned() && !withoutRows.contains(table.name());
    }

    /** Tables of which not all rows are copied: those whose rows are left out, those below them and those above. */
    public List<TableName> lacking() {
        Map<TableName, TableName> above = new HashMap<>();
        tables.forEach(table -> table.parent().ifPresent(parent -> above.put(table.name(), parent)));
        Set<TableName> lacking =
                new TreeSet<>(Comparator.comparing(TableName::schema).thenComparing(TableName::name));
        for (TableName table : withoutRows) {
            TableName next = table;
            while (next != null && lacking.add(next)) {
                next = above.get(next);
            }
        }
        return List.copyOf(lacking);
    }

    /** Whether what belongs to a table is copied, or an object that is no table's and has that name. */
    public Predicate<TableName> ofTable() {
        Set<TableName> names = tables.stream().map(FoundTable::name).collect(Collectors.toSet());
        return name -> names.contains(name) || takes(name);
    }

    /**
     * Nothing is written if a table cannot be read whole, or a sequence not at all.
     *
     * @param connection to the database
     * @throws CaretakerException MISSING_PRIVILEGE
     */
    public void requireReadable(String target, Connection connection) throws SQLException {
        List<String> closed = tables.stream()
                .filter(table -> hasRows(table) && !table.readable())
                .map(table -> table.name().toString())
                .toList();
        if (!closed.isEmpty()) {
            throw refused(target, "may not read " + some(closed), closed);
        }
        List<String> filtered = tables.stream()
                .filter(table -> hasRows(table) && table.filtered())
                .map(table -> table.name().toString())
                .toList();
        if (!filtered.isEmpty()) {
            throw refused(target, "would see only some rows of " + some(filtered) + ", by row security", filtered);
        }
        List<String> sequences = DatabaseObjects.unreadableSequences(connection, ofTable()).stream()
                .map(TableName::toString)
                .toList();
        if (!sequences.isEmpty()) {
            throw refused(
                    target,
                    "may not read where " + (sequences.size() == 1 ? "sequence " : "sequences ") + some(sequences)
                            + (sequences.size() == 1 ? " stands" : " stand"),
                    sequences);
        }
    }

    private static CaretakerException refused(String target, String what, List<String> tables) {
        return CaretakerException.of(
                Reason.MISSING_PRIVILEGE,
                "The role of target " + target + " " + what + "; nothing was copied.",
                Map.of("target", target, "tables", String.join(" ", tables)));
    }

    private static String some(List<String> names) {
        int most = 20;
        return String.join(", ", names.subList(0, Math.min(most, names.size())))
                + (names.size() > most ? " and " + (names.size() - most) + " more" : "");
    }
}
