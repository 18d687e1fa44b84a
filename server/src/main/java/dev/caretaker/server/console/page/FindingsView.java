package dev.caretaker.server.console.page;

import dev.caretaker.v1.CheckReport;
import dev.caretaker.v1.CheckStatus;
import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.FindingStatus;
import dev.caretaker.v1.Severity;
import java.util.List;

/**
 * What was found at a target.
 *
 * @param target empty: there is none
 * @param targets that may be chosen
 * @param all whether muted findings and those that are gone are shown, too
 */
public record FindingsView(String target, List<String> targets, boolean all, DetectIssuesResponse found) {

    /** Those to be shown, the worst first. */
    public List<Finding> findings() {
        return found.getFindingsList().stream()
                .filter(one -> all || isOpen(one))
                .toList();
    }

    public long count(Severity severity) {
        return found.getFindingsList().stream()
                .filter(one -> isOpen(one) && one.getSeverity() == severity)
                .count();
    }

    /** Findings that are there and not to be shown. */
    public long muted() {
        return found.getFindingsList().stream()
                .filter(one -> one.getMuted() && !isGone(one))
                .count();
    }

    /** Checks that did not run, so that silence is not taken for health. */
    public List<CheckReport> silent() {
        return found.getChecksList().stream()
                .filter(check -> check.getStatus() != CheckStatus.CHECK_STATUS_RAN)
                .toList();
    }

    public long ran() {
        return found.getChecksCount() - silent().size();
    }

    private static boolean isOpen(Finding finding) {
        return !finding.getMuted() && !isGone(finding);
    }

    private static boolean isGone(Finding finding) {
        return finding.getStatus() == FindingStatus.FINDING_STATUS_GONE;
    }
}
