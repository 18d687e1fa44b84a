package dev.caretaker.server.backup;

import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which backups of a target have been kept for long enough. Those that were found damaged are no newer ones to others, nor are those of
 * which two clocks do not agree that they are. What must stay all the same (pinned ones, the newest, the newest verified one) is told by
 * the statement that marks them.
 */
final class Expiry {
    private Expiry() {}

    /**
     * Those whose time is over.
     *
     * @param stored all that are stored of one target
     * @param usual of those that say nothing themselves
     */
    static List<BackupRow> due(List<BackupRow> stored, Retention usual, Instant now) {
        List<Kept> all = stored.stream()
                .map(row -> new Kept(row, Json.read(row.request(), BackupOrder.class), Evidence.isDamaged(row)))
                .toList();
        List<BackupRow> due = new ArrayList<>();
        for (Kept one : all) {
            Retention own = one.order().keep();
            int newer =
                    (int) all.stream().filter(other -> other.replaces(one, now)).count();
            if ((own.isNone() ? usual : own).isOver(Duration.between(one.row().since(now), now), newer)) {
                due.add(one.row());
            }
        }
        return due;
    }

    private record Kept(BackupRow row, BackupOrder order, boolean damaged) {
        boolean replaces(Kept older, Instant now) {
            return !damaged
                    && row.isNewer(older.row(), now)
                    && row.destination().equals(older.row().destination())
                    && order.selection().equals(older.order().selection());
        }
    }
}
