package dev.caretaker.server.api.mapping;

import dev.caretaker.server.run.Runs.RunFilter;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.Tuning;
import dev.caretaker.v1.ListRunsRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Reads what callers say about runs: settings and filters. */
public final class RunReader {
    private static final Duration SHORTEST_BATCH = Duration.ofMillis(10);
    private static final Duration LONGEST_BATCH = Duration.ofSeconds(10);
    private static final double HIGHEST_PAUSE_RATIO = 100;

    private RunReader() {}

    /** A change that sets what the message sets and leaves the rest as it was. */
    public static UnaryOperator<Tuning> tuning(Violations violations, String path, dev.caretaker.v1.Tuning message) {
        Optional<Duration> batchTarget = message.hasBatchTarget()
                ? Optional.ofNullable(Times.read(
                        violations,
                        path + ".batch_target",
                        message.getBatchTarget(),
                        SHORTEST_BATCH,
                        LONGEST_BATCH,
                        "10 ms to 10 s"))
                : Optional.empty();
        double ratio = message.getPauseRatio();
        violations.require(ratio >= 0 && ratio <= HIGHEST_PAUSE_RATIO, path + ".pause_ratio", "must be 0 to 100");
        notNegative(violations, path + ".max_rows_per_second", message.getMaxRowsPerSecond());
        notNegative(violations, path + ".max_replication_lag_bytes", message.getMaxReplicationLagBytes());
        notNegative(violations, path + ".max_wal_bytes_per_second", message.getMaxWalBytesPerSecond());
        notNegative(violations, path + ".max_lock_waiters", message.getMaxLockWaiters());
        Optional<Pace> pace = pace(violations, path + ".pace", message.getPace());
        return old -> new Tuning(
                pace.orElse(old.pace()),
                batchTarget.orElse(old.batchTarget()),
                message.hasMaxRowsPerSecond() ? message.getMaxRowsPerSecond() : old.maxRowsPerSecond(),
                message.hasPauseRatio() ? ratio : old.pauseRatio(),
                message.hasMaxReplicationLagBytes()
                        ? message.getMaxReplicationLagBytes()
                        : old.maxReplicationLagBytes(),
                message.hasMaxWalBytesPerSecond() ? message.getMaxWalBytesPerSecond() : old.maxWalBytesPerSecond(),
                message.hasMaxLockWaiters() ? message.getMaxLockWaiters() : old.maxLockWaiters());
    }

    /** Empty if it is to stay as it was. */
    static Optional<Pace> pace(Violations violations, String path, dev.caretaker.v1.Pace pace) {
        violations.require(pace != dev.caretaker.v1.Pace.UNRECOGNIZED, path, "is not a pace this server knows");
        return switch (pace) {
            case PACE_ADAPTIVE -> Optional.of(Pace.ADAPTIVE);
            case PACE_FAST -> Optional.of(Pace.FAST);
            case PACE_POLITE -> Optional.of(Pace.POLITE);
            case PACE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static void notNegative(Violations violations, String path, long value) {
        violations.require(value >= 0, path, "must not be negative");
    }

    /** Which runs to list; {@code page} says where in the list. */
    public static RunFilter filter(Violations violations, ListRunsRequest message, Paging.Page page) {
        Set<RunState> states = EnumSet.noneOf(RunState.class);
        for (int i = 0; i < message.getStatesCount(); i++) {
            Optional<RunState> state = state(message.getStates(i));
            violations.require(state.isPresent(), "states[" + i + "]", "is not a state this server knows");
            state.ifPresent(states::add);
        }
        Optional<Instant> createdAfter = message.hasCreatedAfter()
                ? Optional.ofNullable(Times.read(violations, "created_after", message.getCreatedAfter()))
                : Optional.empty();
        Optional<Instant> endedAfter = message.hasEndedAfter()
                ? Optional.ofNullable(Times.read(violations, "ended_after", message.getEndedAfter()))
                : Optional.empty();
        Set<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
        for (int i = 0; i < message.getOutcomesCount(); i++) {
            Optional<Outcome> outcome = outcome(message.getOutcomes(i));
            violations.require(outcome.isPresent(), "outcomes[" + i + "]", "is not an outcome this server knows");
            outcome.ifPresent(outcomes::add);
        }
        Optional<RunKind> kind = kind(violations, "kind", message.getKind());
        return new RunFilter(
                Optional.of(message.getTarget()).filter(target -> !target.isEmpty()),
                states,
                kind,
                createdAfter,
                endedAfter,
                outcomes,
                message.getTopLevel(),
                page.size(),
                page.after());
    }

    /** Empty if it is unspecified. */
    public static Optional<RunKind> kind(Violations violations, String path, dev.caretaker.v1.RunKind message) {
        return switch (message) {
            case RUN_KIND_UNSPECIFIED -> Optional.empty();
            case RUN_KIND_CLEANUP -> Optional.of(RunKind.CLEANUP);
            case RUN_KIND_VACUUM -> Optional.of(RunKind.VACUUM);
            case RUN_KIND_REINDEX -> Optional.of(RunKind.REINDEX);
            case RUN_KIND_ROUTINE -> Optional.of(RunKind.ROUTINE);
            case RUN_KIND_UPKEEP -> Optional.of(RunKind.UPKEEP);
            case RUN_KIND_RESTORE -> Optional.of(RunKind.RESTORE);
            case RUN_KIND_BACKUP -> Optional.of(RunKind.BACKUP);
            case RUN_KIND_BACKUP_VERIFY -> Optional.of(RunKind.BACKUP_VERIFY);
            case RUN_KIND_ARCHIVE_VERIFY -> Optional.of(RunKind.ARCHIVE_VERIFY);
            case UNRECOGNIZED -> {
                violations.add(path, "is not a kind this server knows");
                yield Optional.empty();
            }
        };
    }

    private static Optional<RunState> state(dev.caretaker.v1.RunState message) {
        return switch (message) {
            case RUN_STATE_QUEUED -> Optional.of(RunState.QUEUED);
            case RUN_STATE_WAITING_WINDOW -> Optional.of(RunState.WAITING_WINDOW);
            case RUN_STATE_WAITING_LOCK -> Optional.of(RunState.WAITING_LOCK);
            case RUN_STATE_RUNNING -> Optional.of(RunState.RUNNING);
            case RUN_STATE_THROTTLED -> Optional.of(RunState.THROTTLED);
            case RUN_STATE_PAUSED -> Optional.of(RunState.PAUSED);
            case RUN_STATE_CANCELLING -> Optional.of(RunState.CANCELLING);
            case RUN_STATE_ENDED -> Optional.of(RunState.ENDED);
            case RUN_STATE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static Optional<Outcome> outcome(dev.caretaker.v1.RunOutcome message) {
        return switch (message) {
            case RUN_OUTCOME_COMPLETE -> Optional.of(Outcome.COMPLETE);
            case RUN_OUTCOME_RESIDUAL -> Optional.of(Outcome.RESIDUAL);
            case RUN_OUTCOME_PINNED -> Optional.of(Outcome.PINNED);
            case RUN_OUTCOME_DEADLINE -> Optional.of(Outcome.DEADLINE);
            case RUN_OUTCOME_CANCELLED -> Optional.of(Outcome.CANCELLED);
            case RUN_OUTCOME_FAILED -> Optional.of(Outcome.FAILED);
            case RUN_OUTCOME_SKIPPED -> Optional.of(Outcome.SKIPPED);
            case RUN_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }
}
