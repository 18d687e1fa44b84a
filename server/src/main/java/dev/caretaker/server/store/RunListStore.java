package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs in lists and in sums, and how one went over time. */
@Singleton
public class RunListStore {
    private static final Logger LOG = LoggerFactory.getLogger(RunListStore.class);

    private final ControlStore store;

    RunListStore(ControlStore store) {
        this.store = store;
    }

    /** Newest first. One that cannot be read has its place in the list and hides no other. */
    public List<Listed> list(Filter filter, Optional<Key> after, int limit) {
        return store.list(
                "run_list", RunListStore::listed, filter.and(after.map(Key::created), after.map(Key::id), limit));
    }

    /** Over all runs that the filter chooses. */
    public Sums sums(Filter filter) {
        return store.first("run_sums", Sums::read, filter.and()).orElseThrow();
    }

    /** How a run went, by the progress that is kept of it; so many points at most. */
    public List<Course> course(UUID runId, int most) {
        return store.list("run_course", Course::read, runId, most, most);
    }

    private static Listed listed(ResultSet row) throws SQLException {
        Key place = new Key(ControlStore.instant(row, "created"), row.getObject("run_id", UUID.class));
        try {
            return new Listed(place, Optional.of(RunRow.read(row)));
        } catch (UncheckedIOException | IllegalArgumentException e) {
            LOG.warn("run {} is left out of a list: it is spoilt, or a newer server's", place.id(), e);
            return new Listed(place, Optional.empty());
        }
    }

    /**
     * Which runs to list.
     *
     * @param states empty means all
     * @param outcomes empty means all, also of runs that have none yet
     * @param topLevel whether runs are left out that another one started
     */
    public record Filter(
            Optional<String> target,
            Set<RunState> states,
            Optional<RunKind> kind,
            Optional<Instant> createdAfter,
            Optional<Instant> endedAfter,
            Set<Outcome> outcomes,
            boolean topLevel) {

        private Object[] and(Object... more) {
            List<Object> all = new ArrayList<>();
            all.add(target);
            all.add(kind);
            all.add(states.isEmpty() ? null : RunStore.array(states));
            all.add(createdAfter);
            all.add(endedAfter);
            all.add(endedAfter);
            all.add(outcomes.isEmpty() ? null : RunStore.array(outcomes));
            all.add(topLevel);
            all.addAll(Arrays.asList(more));
            return all.toArray();
        }
    }

    /** Sums over runs. */
    public record Sums(long runs, long ended, long failed, long rowsDeleted, boolean rowsExact, long bytesReturned) {
        private static Sums read(ResultSet row) throws SQLException {
            return new Sums(
                    row.getLong("runs"),
                    row.getLong("ended"),
                    row.getLong("failed"),
                    row.getLong("rows_deleted"),
                    row.getBoolean("rows_exact"),
                    row.getLong("bytes_returned"));
        }
    }

    /** How far a run was. */
    public record Course(Instant at, long rowsDone, long bytesDone, long bytesProcessed, Duration longestBatch) {
        private static Course read(ResultSet row) throws SQLException {
            return new Course(
                    ControlStore.instant(row, "at"),
                    row.getLong("rows_done"),
                    row.getLong("bytes_done"),
                    row.getLong("bytes_processed"),
                    Duration.of(row.getLong("micros"), ChronoUnit.MICROS));
        }
    }

    /** Place in the list. */
    public record Key(Instant created, UUID id) {}

    /** A run in the list; empty if it cannot be read. */
    public record Listed(Key place, Optional<RunRow> run) {}
}
