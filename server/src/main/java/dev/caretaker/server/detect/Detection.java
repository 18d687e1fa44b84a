package dev.caretaker.server.detect;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What one detection gave.
 *
 * @param findings worst first, then by impact
 * @param checks how each check went, by id
 */
public record Detection(List<Finding> findings, List<CheckResult> checks, Instant time) {

    /**
     * What to look for.
     *
     * @param checks empty means all that need not be asked for
     * @param minimum only findings at least this bad
     * @param thresholds values for this call by {@code check.threshold}
     * @param includeMuted also findings that are muted
     * @param includeGone also findings of the detection before that are gone
     */
    public record Request(
            String target,
            List<String> checks,
            Severity minimum,
            Map<String, String> thresholds,
            boolean includeMuted,
            boolean includeGone) {

        /** Everything that is wrong with a target. */
        public static Request everything(String target) {
            return new Request(target, List.of(), Severity.INFO, Map.of(), false, false);
        }
    }
}
