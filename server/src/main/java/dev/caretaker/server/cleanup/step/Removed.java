package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals.Cascaded;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows removed by one statement.
 *
 * @param rows rows of the table itself
 * @param cascaded rows removed or changed in other tables through foreign keys
 */
record Removed(long rows, List<Cascaded> cascaded) {
    static final Removed NOTHING = new Removed(0, List.of());

    static Removed ofRows(long rows) {
        return new Removed(rows, List.of());
    }

    /** Rows of another table. */
    static Removed along(TableName table, long rows) {
        return rows == 0 ? NOTHING : new Removed(0, List.of(new Cascaded(table, rows)));
    }

    Removed plus(Removed other) {
        List<Cascaded> all = new ArrayList<>(cascaded);
        all.addAll(other.cascaded);
        return new Removed(rows + other.rows, List.copyOf(all));
    }
}
