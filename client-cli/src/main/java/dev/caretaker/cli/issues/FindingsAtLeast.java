package dev.caretaker.cli.issues;

import dev.caretaker.cli.Session;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.FindingStatus;
import dev.caretaker.v1.Severity;

/** Whether a target has findings of some severity that nobody muted, for exit codes. */
public final class FindingsAtLeast {
    private FindingsAtLeast() {}

    public static boolean exist(Session session, String target, Severity severity) {
        long found = session
                .connection()
                .usuallyWithin(IssuesCommand.USUAL_LIMIT)
                .maintenance()
                .detectIssues(DetectIssuesRequest.newBuilder()
                        .setTarget(target)
                        .setMinimumSeverity(severity)
                        .build())
                .getFindingsList()
                .stream()
                .filter(finding -> finding.getStatus() != FindingStatus.FINDING_STATUS_GONE && !finding.getMuted())
                .count();
        if (found > 0) {
            session.hint("Findings at least this bad: " + found + "; 'caretaker issues --target " + target
                    + "' shows them.");
        }
        return found > 0;
    }
}
