package dev.caretaker.server.console.page;

import dev.caretaker.server.console.web.Links;
import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.AuditEntry;
import dev.caretaker.v1.AuditOutcome;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

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

    /** Its id is that of a backup that another tool made, which has no page. */
    private static final String RECORDED = "RecordExternalBackup";

    private static final Set<String> LISTS = Set.of("policies", "schedules", "sets");
    private static final Pattern RESULT = Pattern.compile("APPLY_RESULT_([A-Z_]+)");

    /** A value of what was asked: its name in words, and where it leads, if anywhere. */
    public record Value(String name, String text, Optional<String> href) {}

    public List<AuditOutcome> outcomes() {
        return List.of(
                AuditOutcome.AUDIT_OUTCOME_OK, AuditOutcome.AUDIT_OUTCOME_REFUSED, AuditOutcome.AUDIT_OUTCOME_STARTED);
    }

    /** What was asked and what came of it, by name; only what was done leads anywhere. */
    public List<Value> about(AuditEntry entry) {
        boolean leads = entry.getOutcome() == AuditOutcome.AUDIT_OUTCOME_OK
                && !entry.getMethod().endsWith(RECORDED);
        return entry.getSummaryMap().entrySet().stream()
                .filter(value -> isWorthALine(entry, value.getKey(), value.getValue()))
                .map(value -> new Value(
                        value.getKey().replaceAll("_id$", "").replace('_', ' '),
                        words(value.getKey(), value.getValue()),
                        Optional.ofNullable(PLACES.get(value.getKey()))
                                .filter(place -> leads)
                                .map(place -> Links.to(place + value.getValue()))))
                .sorted(Comparator.comparing(Value::name))
                .toList();
    }

    /** What was not asked is none, nor are names that the results tell again. */
    private static boolean isWorthALine(AuditEntry entry, String name, String value) {
        return !value.isEmpty()
                && !value.equals("false")
                && !name.equals("target")
                && !(entry.containsSummary("results") && LISTS.contains(name));
    }

    /** Ids in short, lists with room between, results in words. */
    private static String words(String name, String value) {
        if (name.endsWith("_id")) {
            return Show.shortId(value);
        }
        String list = value.replaceAll(",(?=\\S)", ", ");
        return name.equals("results")
                ? RESULT.matcher(list)
                        .replaceAll(result ->
                                result.group(1).toLowerCase(Locale.ROOT).replace('_', ' '))
                : list;
    }
}
