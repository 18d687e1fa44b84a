package dev.caretaker.server.detect;

import dev.caretaker.server.store.Measurement.Measure;
import java.util.List;
import java.util.Set;

/**
 * How one check went.
 *
 * @param reason why it was skipped or failed, or what of it was left out; else empty
 * @param findings the worst ones, at most {@link Harvest#LIMIT}
 * @param ids of all that it found
 * @param unseen objects that it could not judge
 * @param figures that it read, whether anything was wrong or not
 */
public record CheckResult(
        String checkId,
        Status status,
        String reason,
        List<RawFinding> findings,
        Set<String> ids,
        long unseen,
        List<Figure> figures) {

    /**
     * A figure of something.
     *
     * @param name policy, partition set or database
     */
    public record Figure(Measure measure, String name, double value) {}

    /** Whether a check ran. */
    public enum Status {
        RAN,
        SKIPPED,
        FAILED
    }

    static CheckResult skipped(Check check, String reason) {
        return new CheckResult(check.id(), Status.SKIPPED, reason, List.of(), Set.of(), 0, List.of());
    }

    static CheckResult failed(Check check, String reason) {
        return new CheckResult(check.id(), Status.FAILED, reason, List.of(), Set.of(), 0, List.of());
    }

    /** A file that is no check. */
    static CheckResult broken(Checks.BrokenFile file) {
        return new CheckResult(file.id(), Status.FAILED, file.reason(), List.of(), Set.of(), 0, List.of());
    }

    /** Whether the absence of a finding means that it is gone. */
    boolean sawEverything() {
        return status == Status.RAN && unseen == 0;
    }
}
