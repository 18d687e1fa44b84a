package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Reads and prunes the events of runs. */
@Singleton
public class EventStore {
    private final ControlStore store;

    EventStore(ControlStore store) {
        this.store = store;
    }

    /** Events from a number on, in order. */
    public List<EventRow> from(UUID runId, long sequence, int limit) {
        return store.list("events_from", EventRow::read, runId, sequence, limit);
    }

    /** Progress before goes. Returns how many events went. */
    public int pruneProgress(Instant before) {
        return store.update("events_prune", before);
    }
}
