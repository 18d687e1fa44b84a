package dev.caretaker.server.backup;

import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.RunStore;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Jobs that are at work on this server, by their runs. */
@Singleton
final class Jobs {
    private static final Set<RunState> GOES_ON =
            Set.of(RunState.QUEUED, RunState.RUNNING, RunState.THROTTLED, RunState.WAITING_LOCK);

    private final RunStore runs;
    private final Map<UUID, JobRun> atWork = new ConcurrentHashMap<>();

    Jobs(RunStore runs) {
        this.runs = runs;
    }

    Optional<JobRun> find(UUID run) {
        return Optional.ofNullable(atWork.get(run));
    }

    /** @param waits whether the job waits while its run is paused, instead of ending */
    JobRun findOrBegin(UUID run, Job job, boolean waits) {
        return atWork.computeIfAbsent(run, id -> JobRun.begin(job, "backup-" + id, () -> goesOn(id, waits)));
    }

    void forget(UUID run, JobRun job) {
        atWork.remove(run, job);
    }

    private boolean goesOn(UUID run, boolean waits) {
        boolean on = runs.find(run)
                .map(RunRow::state)
                .filter(state -> GOES_ON.contains(state)
                        || waits && (state == RunState.PAUSED || state == RunState.WAITING_WINDOW))
                .isPresent();
        if (!on) {
            atWork.remove(run);
        }
        return on;
    }
}
