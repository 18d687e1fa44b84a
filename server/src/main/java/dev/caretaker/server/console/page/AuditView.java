package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Links;
import dev.caretaker.v1.AuditEntry;
import dev.caretaker.v1.AuditOutcome;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A page of the audit.
 *
 * @param targets that may be chosen
 * @param next where the next page begins; empty on the last
 */
public record AuditView(AuditFilter filter, List<String> targets, List<AuditEntry> entries, String next) {
    /** Where values of a summary lead, by their names. */
    private static final Map<String, String> PLACES = Map.of(
            "run_id", "/runs/",
            "plan_id", "/plans/",
            "conversion_id", "/conversions/",
            "archive_id", "/archives/",
            "backup_id", "/backups/");

    /** A value of what was asked: its name in words, and where it leads, if anywhere. */
    public record Value(String name, String text, Optional<String> href) {}

    public List<AuditOutcome> outcomes() {
        return List.of(
                AuditOutcome.AUDIT_OUTCOME_OK, AuditOutcome.AUDIT_OUTCOME_REFUSED, AuditOutcome.AUDIT_OUTCOME_STARTED);
    }

    /** What was asked and what came of it, by name; only what was done leads anywhere. */
    public List<Value> about(AuditEntry entry) {
        boolean done = entry.getOutcome() == AuditOutcome.AUDIT_OUTCOME_OK;
        return entry.getSummaryMap().entrySet().stream()
                .filter(value -> !value.getValue().isEmpty() && !value.getKey().equals("target"))
                .map(value -> new Value(
                        value.getKey().replaceAll("_id$", "").replace('_', ' '),
                        value.getValue(),
                        Optional.ofNullable(PLACES.get(value.getKey()))
                                .filter(place -> done)
                                .map(place -> Links.to(place + value.getValue()))))
                .sorted(Comparator.comparing(Value::name))
                .toList();
    }
}
