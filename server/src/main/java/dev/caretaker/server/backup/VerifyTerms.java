package dev.caretaker.server.backup;

import dev.caretaker.server.store.Actor;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Which backup is verified again and again, and where: the newest of a target.
 *
 * @param destination only of those there; empty: wherever it is
 * @param whole only of those of the whole database
 * @param scratchTarget target on whose server the scratch database is made; empty for one that this server starts
 * @param allowSameServer whether that may be the server that the backup was taken from
 */
public record VerifyTerms(
        Optional<String> destination, boolean whole, Optional<String> scratchTarget, boolean allowSameServer) {

    /** One verification. */
    public VerifyOrder order(UUID backup, Optional<Duration> timeLimit, Actor actor) {
        return new VerifyOrder(backup, scratchTarget, allowSameServer, timeLimit, actor);
    }
}
