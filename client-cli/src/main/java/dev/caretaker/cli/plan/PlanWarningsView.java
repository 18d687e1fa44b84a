package dev.caretaker.cli.plan;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanWarning;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Warnings of a plan, those that block first, each with what helps. */
final class PlanWarningsView {
    private final Plan plan;
    private final Page page;

    PlanWarningsView(Plan plan, Page page) {
        this.plan = plan;
        this.page = page;
    }

    void show() {
        List<PlanWarning> warnings = plan.getWarningsList().stream()
                .sorted(Comparator.comparing(PlanWarning::getBlocking).reversed())
                .toList();
        if (warnings.isEmpty()) {
            return;
        }
        long blocking = warnings.stream().filter(PlanWarning::getBlocking).count();
        page.heading("Warnings" + (blocking == 0 ? "" : " (" + blocking + " blocking)"));
        for (PlanWarning warning : warnings) {
            page.paragraph("  ", warning.getBlocking() ? Style.BAD : Style.CAREFUL, title(warning));
            page.paragraph("    ", Style.PLAIN, warning.getMessage());
            if (warning.getEvidenceCount() > 0) {
                page.paragraph("    ", Style.DIM, evidence(warning));
            }
            page.code("    ", warning.getRemediationSql());
        }
    }

    private static String title(PlanWarning warning) {
        return (warning.getBlocking() ? "BLOCKING " : "")
                + Names.code(warning.getCode(), "PLAN_WARNING_CODE_")
                + (warning.hasRelation() ? " on " + Names.table(warning.getRelation()) : "")
                + (warning.getPolicy().isEmpty() ? "" : " (policy " + warning.getPolicy() + ")");
    }

    private static String evidence(PlanWarning warning) {
        return new TreeMap<>(warning.getEvidenceMap())
                .entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).collect(Collectors.joining(", "));
    }
}
