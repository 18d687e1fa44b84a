package dev.caretaker.server.backup;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * The record of one verification, for those who must show that backups are restored.
 *
 * @param backup what was verified
 * @param manifestSha256 of its manifest, hexadecimal
 * @param snapshot the moment whose state it holds
 * @param place where it was restored
 * @param restore how long that took
 * @param compare how long the comparison took
 * @param notContained what of the database the backup does not hold, one sentence each, so that nothing was compared; none in evidence
 *     of an earlier version
 * @param tools names and versions of the programs that were at work
 */
public record Evidence(
        UUID backup,
        String target,
        String manifestSha256,
        Instant snapshot,
        UUID run,
        Actor actor,
        Verdict verdict,
        Instant began,
        Instant ended,
        Duration restore,
        Duration compare,
        String place,
        String sourceVersion,
        String serverVersion,
        int tables,
        long rows,
        List<String> faults,
        List<String> notes,
        List<String> notContained,
        Map<String, String> tools) {

    public Evidence {
        notContained = Objects.requireNonNullElse(notContained, List.of());
    }

    /** Whether the latest verification of a backup found it damaged. */
    public static boolean isDamaged(BackupRow row) {
        return row.evidence()
                .map(json -> Json.read(json, JsonNode.class))
                .filter(evidence -> evidence.path("verdict").asText("").equals(Verdict.DAMAGED.name()))
                .isPresent();
    }

    /** How it ended. */
    public enum Verdict {
        /** Everything that the backup holds is equal. */
        PROVEN,
        /** All that could be restored is equal; something could not, for want of an extension or of a right. */
        PARTIAL,
        /** Something is not what it was. */
        DAMAGED
    }
}
