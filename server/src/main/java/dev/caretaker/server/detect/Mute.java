package dev.caretaker.server.detect;

import dev.caretaker.server.store.Actor;
import java.time.Instant;
import java.util.Optional;

/**
 * A finding that is not to be shown for a while.
 *
 * @param expires empty means never
 */
public record Mute(
        String target, String findingId, String reason, Optional<Instant> expires, Actor createdBy, Instant created) {}
