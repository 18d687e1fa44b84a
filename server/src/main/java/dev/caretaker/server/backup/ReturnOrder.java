package dev.caretaker.server.backup;

import dev.caretaker.server.store.Actor;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * A restore as somebody orders it.
 *
 * @param target into whose database
 * @param allowNotEmpty whether that may have tables of its own
 */
public record ReturnOrder(
        UUID backup,
        String target,
        RestorePart part,
        boolean allowNotEmpty,
        Optional<Duration> timeLimit,
        Actor actor) {}
