package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Links;
import dev.caretaker.v1.AuditOutcome;
import java.time.ZoneId;

/**
 * Which entries of the audit are listed; what is empty lets everything through.
 *
 * @param by who asked, by the exact name
 * @param outcome unspecified: whatever became of it
 * @param about id or name of what they are about
 * @param from first day
 * @param to last day
 * @param zone whose days they are
 */
public record AuditFilter(
        String target,
        String by,
        String method,
        AuditOutcome outcome,
        String about,
        String from,
        String to,
        ZoneId zone) {

    /** Address of the list's page that begins there. */
    public String href(String pageToken) {
        return Links.to(
                "/audit",
                "target",
                target,
                "by",
                by,
                "method",
                method,
                "outcome",
                outcome == AuditOutcome.AUDIT_OUTCOME_UNSPECIFIED ? "" : outcome.name(),
                "about",
                about,
                "from",
                from,
                "to",
                to,
                "zone",
                from.isEmpty() && to.isEmpty() ? "" : zone.getId(),
                "page",
                pageToken);
    }

    public boolean isAll() {
        return href("").equals(Links.to("/audit"));
    }
}
