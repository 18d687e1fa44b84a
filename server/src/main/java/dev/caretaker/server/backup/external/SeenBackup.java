package dev.caretaker.server.backup.external;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A physical backup, as the tool that made it tells.
 *
 * @param id its name there
 * @param kind such as full or incr
 * @param finished when it was complete: that moment can be restored
 * @param bytes as the tool counts them
 * @param systemIdentifier of the cluster it was taken from; empty if the tool does not tell
 * @param problem why it does not count, a clause; empty if it does
 */
public record SeenBackup(
        String id,
        String kind,
        Optional<Instant> finished,
        OptionalLong bytes,
        String systemIdentifier,
        String problem) {

    /** Whether it can be counted on. */
    public boolean counts() {
        return problem.isEmpty() && finished.isPresent();
    }

    SeenBackup because(String why) {
        return new SeenBackup(id, kind, finished, bytes, systemIdentifier, why);
    }
}
