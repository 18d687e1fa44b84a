package dev.caretaker.server.detect;

import dev.caretaker.server.store.Sha256;
import java.util.Comparator;
import java.util.Optional;

/**
 * What a check found on one object, before it is known whether it was there before.
 *
 * @param id the same for the same check on the same object of the same target
 * @param schema empty if the object has none
 * @param impact in the check's unit; 0 if it has none
 * @param evidence a JSON object with the figures behind it
 * @param remediation statement that mends it
 */
public record RawFinding(
        String id,
        String checkId,
        Severity severity,
        Confidence confidence,
        String objectKind,
        String schema,
        String object,
        String message,
        double impact,
        ImpactUnit impactUnit,
        String evidence,
        Optional<String> remediation,
        boolean blocksVacuum,
        boolean blocksCleanup) {
    /** Worst first, then by impact (like with like), then by name, so that the order is always the same. */
    static final Comparator<RawFinding> WORST_FIRST = Comparator.comparing(RawFinding::severity)
            .reversed()
            .thenComparing(RawFinding::impactUnit)
            .thenComparing(Comparator.comparingDouble(RawFinding::impact).reversed())
            .thenComparing(RawFinding::checkId)
            .thenComparing(RawFinding::schema)
            .thenComparing(RawFinding::object)
            .thenComparing(RawFinding::id);

    /** Hash of what identifies a finding: 64 bits of SHA-256 in hexadecimal. */
    static String id(String target, String check, String kind, String schema, String object, String key) {
        return Sha256.hex(Sha256.of(String.join("\0", target, check, kind, schema, object, key)), 8);
    }
}
