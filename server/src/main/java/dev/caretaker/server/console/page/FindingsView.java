package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Links;
import dev.caretaker.v1.CheckReport;
import dev.caretaker.v1.CheckStatus;
import dev.caretaker.v1.DetectIssuesResponse;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.FindingStatus;
import dev.caretaker.v1.Severity;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was found at a target.
 *
 * @param target empty: there is none
 * @param targets that may be chosen
 * @param all whether muted findings and those that are gone are shown, too
 * @param from how many stand on pages before this one
 * @param found when it was last looked at with success; without a time if it never was
 * @param problem why it could not be looked at since, a sentence; empty if it could
 */
public record FindingsView(
        String target, List<String> targets, boolean all, int from, DetectIssuesResponse found, String problem) {
    private static final int PAGE = 100;

    /** Whether anything is known of it. */
    public boolean isKnown() {
        return found.hasDetectTime();
    }

    /** Those to be shown, the worst first. */
    public List<Finding> findings() {
        return meant().skip(from).limit(PAGE).toList();
    }

    /** Those of pages after this one. */
    public long leftOut() {
        return Math.max(0, meant().count() - from - PAGE);
    }

    /** Address of the first page; empty on that one. */
    public String first() {
        return from == 0 ? "" : href("");
    }

    /** Address of the page after this one; empty if there is none. */
    public String next() {
        return leftOut() == 0 ? "" : href(Integer.toString(from + PAGE));
    }

    private String href(String begin) {
        return Links.to("/findings", "target", target, "all", all ? "1" : "", "from", begin);
    }

    private Stream<Finding> meant() {
        return found.getFindingsList().stream().filter(one -> all || isOpen(one));
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
