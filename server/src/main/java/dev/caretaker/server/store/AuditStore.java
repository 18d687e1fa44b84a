package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads the audit, which {@link RequestStore} writes. */
@Singleton
public class AuditStore {
    private final ControlStore store;

    AuditStore(ControlStore store) {
        this.store = store;
    }

    /** Newest first. */
    public List<AuditRow> list(Filter filter, Optional<Key> after, int limit) {
        return store.list(
                "audit_list",
                AuditRow::read,
                filter.target(),
                filter.actor(),
                filter.method(),
                filter.outcome(),
                filter.about(),
                filter.from(),
                filter.to(),
                after.map(Key::at),
                after.map(Key::id),
                limit);
    }

    /**
     * Which to list; empty means all.
     *
     * @param about a value of the summary, or one of several that are separated by commas
     * @param from asked not before
     * @param to asked before
     */
    public record Filter(
            Optional<String> target,
            Optional<String> actor,
            Optional<String> method,
            Optional<AuditRow.Outcome> outcome,
            Optional<String> about,
            Optional<Instant> from,
            Optional<Instant> to) {}

    /** Place in the list. */
    public record Key(Instant at, long id) {}
}
