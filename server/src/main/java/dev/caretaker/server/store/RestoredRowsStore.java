package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Rows that were brought back and are left alone for a while, in the control store. */
@Singleton
public class RestoredRowsStore {
    private final ControlStore store;

    RestoredRowsStore(ControlStore store) {
        this.store = store;
    }

    /**
     * Rows that stay.
     *
     * @param from none older than this; empty if nobody knows how old they are
     * @param until how long
     */
    public record Kept(UUID archive, UUID runId, TableName table, Optional<Instant> from, Instant until) {}

    /** From now on they stay: written before the first of them is loaded. */
    public void keep(
            UUID runId,
            String target,
            Collection<TableName> tables,
            UUID archive,
            Optional<Instant> from,
            Instant until) {
        store.transaction(() -> {
            tables.forEach(table ->
                    store.update("restored_keep", runId, target, table.schema(), table.name(), archive, from, until));
            return null;
        });
    }

    /** Nothing was loaded by that run, and nothing will be. */
    public void forget(UUID runId) {
        store.update("restored_forget", runId);
    }

    /** What is kept at a target, of all tables. */
    public List<Kept> inForce(String target, Instant now) {
        return store.list(
                "restored_in_force",
                row -> new Kept(
                        row.getObject("archive_id", UUID.class),
                        row.getObject("run_id", UUID.class),
                        new TableName(row.getString("schema_name"), row.getString("table_name")),
                        Optional.ofNullable(ControlStore.instant(row, "from_time")),
                        ControlStore.instant(row, "held_until")),
                target,
                now);
    }

    /** Forgets what is over. */
    public int prune(Instant now) {
        return store.update("restored_prune", now);
    }
}
