package dev.caretaker.server.partition.conversion;

import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Actor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The door to conversions. All methods throw {@link dev.caretaker.server.error.CaretakerException}. */
public interface Conversions {
    /** Conversions on one page, at most. */
    int LARGEST_PAGE = 1_000;

    /**
     * Reads the table and writes down all that a conversion would do. Changes nothing at the target.
     *
     * @throws dev.caretaker.server.error.CaretakerException INVALID_FIELD, TARGET_NOT_FOUND, TARGET_UNREACHABLE
     */
    Conversion plan(ConversionRequest request);

    /**
     * Starts the run, or another one if an earlier one was broken off: that may go on after the plan has expired.
     *
     * @param runId id of the run, by which an attempt that was cut short finds what it started
     * @param etag when present, the plan must still carry it
     * @param backup of the table, without which nothing is begun, beside what the plan requires
     * @throws dev.caretaker.server.error.CaretakerException CONVERSION_NOT_FOUND, ETAG_MISMATCH, PLAN_EXPIRED, PLAN_BLOCKED,
     *     PLAN_ALREADY_EXECUTED, BACKUP_TOO_OLD
     */
    RunView start(
            UUID runId,
            UUID id,
            Optional<String> etag,
            Optional<Duration> deadline,
            Optional<BackupDemand> backup,
            Actor actor);

    /** Asks for the cut-over. Repeatable. */
    Conversion complete(UUID id);

    /**
     * Starts the run that makes the table what it was.
     *
     * @param runId id of the run
     * @throws dev.caretaker.server.error.CaretakerException CONVERSION_NOT_FOUND, PLAN_ALREADY_EXECUTED while a run works on it
     */
    RunView revert(UUID runId, UUID id, Optional<Duration> deadline, Actor actor);

    /** Fails with CONVERSION_NOT_FOUND. */
    Conversion get(UUID id);

    /** Newest first, those after {@code after}. */
    List<Conversion> list(Optional<String> target, Optional<Place> after, int limit);

    /** Those at a target whose run ended half-way, oldest first. */
    List<Conversion> brokenOff(String target);

    /** Where a conversion stands in the list, whether it is still there or not. */
    record Place(Instant created, UUID id) {}
}
