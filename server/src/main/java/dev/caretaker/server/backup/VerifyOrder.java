package dev.caretaker.server.backup;

import dev.caretaker.server.store.Actor;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * A verification as somebody orders it.
 *
 * @param scratchTarget target on whose server the scratch database is made; empty for one that this server starts
 * @param allowSameServer whether that may be the server that the backup was taken from
 */
public record VerifyOrder(
        UUID backup,
        Optional<String> scratchTarget,
        boolean allowSameServer,
        Optional<Duration> timeLimit,
        Actor actor) {}
