package dev.caretaker.server.archive;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Starts the runs that verify archives which were not verified for a while. */
@Singleton
public final class ArchiveVerifications {
    private final ArchiveStore store;
    private final Targets targets;
    private final Runs runs;
    private final Clock clock;

    ArchiveVerifications(ArchiveStore store, Targets targets, Runs runs, Clock clock) {
        this.store = store;
        this.targets = targets;
        this.runs = runs;
        this.clock = clock;
    }

    /** Those that are due now, the newest first. */
    public List<ArchiveRow> due(String target, ArchiveVerifyTerms terms) {
        return store.unverified(
                target,
                terms.policies(),
                clock.instant().minus(terms.within()),
                terms.level().name(),
                terms.most());
    }

    /**
     * Starts the run that looks at those which are due now, one step for each. Where none is, it ends at once.
     *
     * @param parent run that starts it, if any
     * @throws CaretakerException TARGET_NOT_FOUND, HELD
     */
    public RunView start(
            UUID runId,
            String name,
            ArchiveVerifyTerms terms,
            Optional<Duration> timeLimit,
            Optional<UUID> parent,
            Actor actor) {
        Target target = targets.get(name);
        List<StepSpec> steps = due(target.name(), terms).stream()
                .map(archive -> new StepSpec(
                        ArchiveVerifyKind.NAME,
                        archive.table(),
                        archive.policy(),
                        archive.rows(),
                        new ArchiveVerifyWork(archive.id(), terms.level())))
                .toList();
        return runs.start(
                runId,
                new RunRequest(
                        RunKind.ARCHIVE_VERIFY,
                        target.name(),
                        actor,
                        Optional.empty(),
                        parent,
                        steps,
                        target.tuning(),
                        timeLimit,
                        Optional.empty(),
                        RowLimits.NONE));
    }
}
