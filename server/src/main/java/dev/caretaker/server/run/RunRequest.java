package dev.caretaker.server.run;

import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.Tuning;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A run as a feature orders it.
 *
 * @param kind what it does
 * @param target name of the target
 * @param actor who starts it
 * @param planId plan it executes, if any
 * @param parentRunId run that starts it, if any
 * @param steps in the order in which they run; a failing one does not stop the next
 * @param tuning settings from the start
 * @param timeLimit longest time it may take, from when it first works and without its waits for its window; then it stops
 *     with outcome DEADLINE
 * @param window when it may work; outside of it, it waits
 * @param rowLimits most rows it may delete by policy: the steps of a policy that reaches its limit end with outcome
 *     DEADLINE, and those of the next go on
 * @param backups without which it does not begin: it then fails with BACKUP_TOO_OLD
 */
public record RunRequest(
        RunKind kind,
        String target,
        Actor actor,
        Optional<UUID> planId,
        Optional<UUID> parentRunId,
        List<StepSpec> steps,
        Tuning tuning,
        Optional<Duration> timeLimit,
        Optional<RunWindow> window,
        RowLimits rowLimits,
        List<NeededBackup> backups) {

    /** One that needs no backup. */
    public RunRequest(
            RunKind kind,
            String target,
            Actor actor,
            Optional<UUID> planId,
            Optional<UUID> parentRunId,
            List<StepSpec> steps,
            Tuning tuning,
            Optional<Duration> timeLimit,
            Optional<RunWindow> window,
            RowLimits rowLimits) {
        this(kind, target, actor, planId, parentRunId, steps, tuning, timeLimit, window, rowLimits, List.of());
    }

    /** The same, which does not begin without these backups. */
    public RunRequest needing(List<NeededBackup> needed) {
        return new RunRequest(
                kind, target, actor, planId, parentRunId, steps, tuning, timeLimit, window, rowLimits, needed);
    }
}
