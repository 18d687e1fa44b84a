package dev.caretaker.server.backup;

import dev.caretaker.server.store.Actor;
import java.util.Optional;
import java.util.UUID;

/**
 * What a step that verifies a backup has to do.
 *
 * @param scratchTarget target on whose server the scratch database is made; empty for one that this server starts
 * @param database name of the scratch database
 */
public record VerifyWork(
        UUID backup, Optional<String> scratchTarget, boolean allowSameServer, String database, Actor actor) {}
