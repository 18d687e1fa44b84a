package dev.caretaker.cli.plan;

import dev.caretaker.cli.error.ServerWords;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanWarning;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        Map<PlanWarning, List<PlanWarning>> alike = new LinkedHashMap<>();
        warnings.forEach(warning -> alike.computeIfAbsent(
                        warning.toBuilder().clearPolicy().clearEvidence().build(), any -> new ArrayList<>())
                .add(warning));
        alike.values().forEach(this::show);
    }

    /** What several policies have in common is said once. */
    private void show(List<PlanWarning> same) {
        PlanWarning warning = same.get(0);
        page.paragraph("  ", warning.getBlocking() ? Style.BAD : Style.CAREFUL, title(warning, same));
        page.paragraph("    ", Style.PLAIN, ServerWords.of(warning.getMessage()));
        if (warning.getEvidenceCount() > 0) {
            page.paragraph("    ", Style.DIM, evidence(warning));
        }
        page.code("    ", warning.getRemediationSql());
    }

    private static String title(PlanWarning warning, List<PlanWarning> same) {
        List<String> policies = same.stream()
                .map(PlanWarning::getPolicy)
                .filter(policy -> !policy.isEmpty())
                .distinct()
                .toList();
        return (warning.getBlocking() ? "BLOCKING " : "")
                + Names.code(warning.getCode(), "PLAN_WARNING_CODE_")
                + (warning.hasRelation() ? " on " + Names.table(warning.getRelation()) : "")
                + (policies.isEmpty()
                        ? ""
                        : (policies.size() == 1 ? " (policy " : " (policies ") + String.join(", ", policies) + ")");
    }

    private static String evidence(PlanWarning warning) {
        return new TreeMap<>(warning.getEvidenceMap())
                .entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).collect(Collectors.joining(", "));
    }
}
