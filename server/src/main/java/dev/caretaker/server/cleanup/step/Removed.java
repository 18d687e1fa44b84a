package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.store.Totals.Archived;
import dev.caretaker.server.store.Totals.Cascaded;
import java.util.List;
import java.util.stream.Stream;

/**
 * Rows removed by one statement.
 *
 * @param rows rows of the table itself
 * @param cascaded rows removed or changed in other tables through foreign keys
 * @param archived those that are kept, and where
 */
record Removed(long rows, List<Cascaded> cascaded, List<Archived> archived) {
    static final Removed NOTHING = new Removed(0, List.of(), List.of());

    static Removed ofRows(long rows) {
        return new Removed(rows, List.of(), List.of());
    }

    /** Rows of another table. */
    static Removed along(TableName table, long rows) {
        return rows == 0 ? NOTHING : new Removed(0, List.of(new Cascaded(table, rows)), List.of());
    }

    /** @param averageRowBytes of the table */
    Totals totals(long averageRowBytes) {
        Totals counted = Totals.ofRows(rows, cascaded, rows * averageRowBytes);
        return archived.isEmpty() ? counted : counted.plus(Totals.ofArchived(archived));
    }

    Removed plus(Removed other) {
        return new Removed(rows + other.rows, both(cascaded, other.cascaded), both(archived, other.archived));
    }

    private static <T> List<T> both(List<T> some, List<T> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }
}
