package dev.caretaker.server.backup;

import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.RunStore;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Jobs that are at work on this server, by their runs. A job belongs to the lease under which its step was last opened here: once
 * another server has a newer one, the job has no business any more.
 */
@Singleton
final class Jobs {
    private static final Set<RunState> GOES_ON =
            Set.of(RunState.QUEUED, RunState.RUNNING, RunState.THROTTLED, RunState.WAITING_LOCK);
    /** From the claim of a newer lease to the moment at which its step is opened, if that is here. */
    private static final Duration OPENING = Duration.ofSeconds(30);

    private final RunStore runs;
    private final Map<UUID, Place> atWork = new ConcurrentHashMap<>();

    Jobs(RunStore runs) {
        this.runs = runs;
    }

    private static final class Place {
        private final boolean waits;
        private volatile long epoch;
        private volatile Optional<Long> elsewhereSince = Optional.empty();
        private volatile JobRun job;

        Place(boolean waits) {
            this.waits = waits;
        }
    }

    /**
     * The job of a run, which belongs to this lease from now on.
     *
     * @param epoch number of the lease
     */
    Optional<JobRun> find(UUID run, long epoch) {
        return Optional.ofNullable(atWork.computeIfPresent(run, (_, place) -> {
                    place.epoch = epoch;
                    place.elsewhereSince = Optional.empty();
                    return place;
                }))
                .map(place -> place.job);
    }

    /** @param waits whether the job waits while its run is paused, instead of ending */
    JobRun findOrBegin(UUID run, long epoch, Job job, boolean waits) {
        return atWork.computeIfAbsent(run, id -> {
                    Place place = new Place(waits);
                    place.epoch = epoch;
                    place.job = JobRun.begin(job, "backup-" + id, () -> goesOn(id, place));
                    return place;
                })
                .job;
    }

    void forget(UUID run, JobRun job) {
        atWork.computeIfPresent(run, (_, place) -> place.job == job ? null : place);
    }

    private boolean goesOn(UUID run, Place place) {
        boolean on = runs.find(run)
                .filter(row -> stateAllows(row.state(), place.waits))
                .filter(row -> isOurs(row, place))
                .isPresent();
        if (!on) {
            atWork.remove(run, place);
        }
        return on;
    }

    private static boolean stateAllows(RunState state, boolean waits) {
        return GOES_ON.contains(state) || waits && (state == RunState.PAUSED || state == RunState.WAITING_WINDOW);
    }

    private static boolean isOurs(RunRow row, Place place) {
        if (row.epoch() == place.epoch) {
            return true;
        }
        long now = System.nanoTime();
        if (place.elsewhereSince.isEmpty()) {
            place.elsewhereSince = Optional.of(now);
        }
        return now - place.elsewhereSince.get() < OPENING.toNanos();
    }
}
