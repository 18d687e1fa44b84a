package dev.caretaker.server.backup;

import dev.caretaker.server.store.TableName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What rows take with them that were left out as ordered: foreign keys from rows that are in the backup to those that are not, and the
 * comments on these keys. They cannot be made where it is restored, which says nothing against it.
 */
final class LeftOutRows {
    private final Set<TableName> holding;
    private final Set<TableName> lacking;
    private final List<MadeObject> keys;
    private final Set<String> called;
    private final Set<String> comments;

    LeftOutRows(Copied copied) {
        this.holding = withThoseAbove(copied, table -> table.rows() > 0);
        this.lacking = withThoseAbove(copied, table -> table.stored() && !table.hasRows());
        this.keys = copied.objects().stream()
                .filter(object -> object.kind().equals("foreign key"))
                .filter(this::isOpen)
                .toList();
        this.called = keys.stream().map(Absence::key).collect(Collectors.toSet());
        this.comments = copied.objects().stream()
                .filter(object ->
                        object.kind().equals("comment") && keys.stream().anyMatch(key -> isOn(key, object)))
                .map(Absence::key)
                .collect(Collectors.toSet());
    }

    /** Rows of a table that is partitioned are those of its partitions. */
    private static Set<TableName> withThoseAbove(Copied copied, Predicate<CopiedTable> wanted) {
        Map<TableName, TableName> above = new HashMap<>();
        copied.tables().forEach(table -> table.parent().ifPresent(parent -> above.put(table.table(), parent)));
        Set<TableName> all = new HashSet<>();
        copied.tables().stream().filter(wanted).map(CopiedTable::table).forEach(table -> {
            TableName next = table;
            while (next != null && all.add(next)) {
                next = above.get(next);
            }
        });
        return all;
    }

    private boolean isOpen(MadeObject key) {
        return key.table().filter(holding::contains).isPresent()
                && ForeignKeys.referenced(key).filter(lacking::contains).isPresent();
    }

    private static boolean isOn(MadeObject key, MadeObject comment) {
        return comment.name().equals(key.name())
                && comment.table().equals(key.table())
                && comment.statements().getFirst().startsWith("COMMENT ON CONSTRAINT ");
    }

    /**
     * Foreign keys that may not come back, a sentence each: they do if none of the rows refers to one that is not there.
     *
     * @param among objects that are asked about
     */
    List<String> sentences(List<MadeObject> among) {
        return keys.stream().filter(among::contains).map(LeftOutRows::sentence).toList();
    }

    private static String sentence(MadeObject key) {
        return "Foreign key " + key.name().name() + " of "
                + key.table().map(TableName::toString).orElse("")
                + " may not come back: it refers to rows of "
                + ForeignKeys.referenced(key).map(TableName::toString).orElse("")
                + ", which are not in the backup, as ordered.";
    }

    /** Whether that is why something could not be made. */
    boolean explain(Unmade one) {
        return one.why() == Unmade.Why.REFERENCE && called.contains(one.key())
                || one.why() == Unmade.Why.OTHER && comments.contains(one.key());
    }
}
