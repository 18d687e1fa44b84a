package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.store.Totals.Cascaded;
import java.util.List;

/**
 * Rows removed by one statement.
 *
 * @param rows rows of the table itself
 * @param cascaded rows removed or changed in other tables through foreign keys
 */
record Removed(long rows, List<Cascaded> cascaded) {
    static final Removed NOTHING = new Removed(0, List.of());
}
