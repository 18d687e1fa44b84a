package dev.caretaker.server.run.job;

import dev.caretaker.server.config.EngineConfig;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.RunStore;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Jobs that are at work on this server, by their runs. A job belongs to the lease under which its step was last opened here: once
 * another server has a newer one, the job has no business any more.
 */
@Singleton
public final class Jobs {
    private static final Set<RunState> GOES_ON =
            Set.of(RunState.QUEUED, RunState.RUNNING, RunState.THROTTLED, RunState.WAITING_LOCK);
    /** From the claim of a newer lease to the moment at which its step is opened, if that is here. */
    private static final Duration OPENING = Duration.ofSeconds(30);

    private final Function<UUID, Optional<Standing>> runs;
    private final LongSupplier nanos;
    private final int retries;
    private final Map<UUID, Place> atWork = new ConcurrentHashMap<>();

    @Inject
    Jobs(RunStore runs, EngineConfig config) {
        this(
                id -> runs.find(id).map(row -> new Standing(row.state(), row.epoch())),
                System::nanoTime,
                config.retries());
    }

    /** @param nanos a clock, as System.nanoTime */
    Jobs(Function<UUID, Optional<Standing>> runs, LongSupplier nanos, int retries) {
        this.runs = runs;
        this.nanos = nanos;
        this.retries = retries;
    }

    /** Times that a job which lost its connection is begun again. */
    int retries() {
        return retries;
    }

    /**
     * Where a run stands.
     *
     * @param epoch number of its lease
     */
    record Standing(RunState state, long epoch) {}

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
                    place.job = JobRun.begin(job, "job-" + id, () -> goesOn(id, place));
                    return place;
                })
                .job;
    }

    void forget(UUID run, JobRun job) {
        atWork.computeIfPresent(run, (_, place) -> place.job == job ? null : place);
    }

    /** Whether the job of a run, if there is one, still is to be done here. */
    boolean goesOn(UUID run) {
        Place place = atWork.get(run);
        return place != null && goesOn(run, place);
    }

    private boolean goesOn(UUID run, Place place) {
        boolean on = runs.apply(run)
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

    private boolean isOurs(Standing row, Place place) {
        if (row.epoch() == place.epoch) {
            return true;
        }
        long now = nanos.getAsLong();
        if (place.elsewhereSince.isEmpty()) {
            place.elsewhereSince = Optional.of(now);
        }
        return now - place.elsewhereSince.get() < OPENING.toNanos();
    }
}
