package dev.caretaker.server.store;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.repository.GenericRepository;
import java.util.List;
import java.util.UUID;

/** Reads the events of runs. */
@ControlStoreRepository
public interface EventStore extends GenericRepository<EventRow, Long> {
    /** Events from a number on, in order. */
    @Query("""
            SELECT sequence, at, body FROM caretaker.run_event
            WHERE run_id = :runId AND sequence >= :sequence
            ORDER BY sequence
            LIMIT :limit""")
    List<EventRow> from(UUID runId, long sequence, int limit);
}
