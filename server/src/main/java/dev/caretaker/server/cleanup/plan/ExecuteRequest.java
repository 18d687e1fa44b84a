package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Tuning;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Which plan to execute, and how.
 *
 * @param etag fingerprint the caller has seen; when present it must match
 * @param overrides codes of blocking warnings the caller accepts
 * @param tuning changes the target's configured settings into those the run starts with
 * @param deadline longest time the run may take from when it first works; the policies' shortest deadline also holds
 * @param ignoreWindow whether it may work outside of its policies' window
 * @param parentRunId run that asks for it, if one does
 */
public record ExecuteRequest(
        UUID planId,
        Optional<String> etag,
        Set<PlanWarning.Code> overrides,
        UnaryOperator<Tuning> tuning,
        Optional<Duration> deadline,
        boolean ignoreWindow,
        Optional<UUID> parentRunId,
        Actor actor) {}
