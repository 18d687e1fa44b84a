package dev.caretaker.cli.partitions.upkeep;

import dev.caretaker.cli.error.ServerWords;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.PlannedLock;
import java.util.List;
import java.util.Set;

/** A plan of upkeep for people. */
final class UpkeepView {
    private static final String ACTION = "UPKEEP_ACTION_";

    /** Why nothing is planned for a set. */
    private static final Set<PlanWarningCode> LEFT_OUT = Set.of(
            PlanWarningCode.PLAN_WARNING_CODE_SET_DOES_NOT_FIT,
            PlanWarningCode.PLAN_WARNING_CODE_SET_UNREADABLE,
            PlanWarningCode.PLAN_WARNING_CODE_NOT_OWNER);

    /** More than that are folded. */
    private static final int MOST_ALIKE = 10;

    private final Plan plan;
    private final Page page;

    UpkeepView(Plan plan, Page page) {
        this.plan = plan;
        this.page = page;
    }

    /** Steps, but of many that are alike only the first and the last, and warnings. */
    void brief() {
        steps(true);
        warnings();
    }

    /** All of it, with locks and statements. */
    void show() {
        steps(false);
        warnings();
        for (PlanStep step : plan.getStepsList()) {
            page.heading(step.getOrdinal() + ". " + Names.words(step.getAction(), ACTION) + " "
                    + Names.table(step.getRelation()));
            page.paragraph("  ", Style.PLAIN, step.getReason());
            for (PlannedLock lock : step.getLocksList()) {
                page.paragraph(
                        "  ",
                        Style.DIM,
                        lock.getMode() + " on " + Names.table(lock.getRelation()) + ": " + lock.getDuration());
            }
            step.getSqlList().forEach(sql -> page.code("  ", sql + ";"));
        }
    }

    private void steps(boolean brief) {
        if (plan.getStepsCount() == 0) {
            nothing();
            return;
        }
        Table table = new Table(">#", "SET", "ACTION", "PARTITION", ">SIZE", "WHY");
        List<PlanStep> steps = plan.getStepsList();
        for (int i = 0; i < steps.size(); i++) {
            PlanStep step = steps.get(i);
            int alike = alike(steps, i);
            if (brief && alike > MOST_ALIKE && i >= 1 && follows(steps.get(i - 1), step)) {
                int left = alike - 1; // the last one is told, so that it is seen how far they go
                table.row(
                        "…",
                        step.getSet(),
                        Names.words(step.getAction(), ACTION),
                        "… " + Human.count(left) + " more",
                        "",
                        "");
                i += left - 1;
                continue;
            }
            long returned = step.getEstimate().getBytesReturned();
            table.row(
                    step.getOrdinal(),
                    step.getSet(),
                    Names.words(step.getAction(), ACTION),
                    Names.table(step.getRelation()),
                    returned == 0 ? "" : Human.bytes(returned),
                    step.getReason());
        }
        page.table(table);
    }

    /** A set that could not be looked after has not nothing to do. */
    private void nothing() {
        List<String> leftOut = plan.getWarningsList().stream()
                .filter(warning -> LEFT_OUT.contains(warning.getCode()))
                .map(PlanWarning::getSet)
                .distinct()
                .toList();
        if (leftOut.isEmpty()) {
            page.line(Style.GOOD, "Nothing to do at " + plan.getTarget() + ": " + sets() + ".");
        } else {
            page.line(
                    Style.CAREFUL,
                    "No step at " + plan.getTarget() + ": of " + sets() + " " + Human.count(leftOut.size())
                            + (leftOut.size() == 1 ? " is" : " are") + " left out.");
        }
    }

    /** How many steps from this one on do the same for the same set. */
    private static int alike(List<PlanStep> steps, int from) {
        int to = from + 1;
        while (to < steps.size() && follows(steps.get(to - 1), steps.get(to))) {
            to++;
        }
        return to - from;
    }

    private static boolean follows(PlanStep before, PlanStep step) {
        return before.getAction() == step.getAction() && before.getSet().equals(step.getSet());
    }

    private String sets() {
        int count = plan.getSetsCount();
        return count == 1 ? "one partition set" : count + " partition sets";
    }

    private void warnings() {
        if (plan.getWarningsCount() == 0) {
            return;
        }
        page.heading("Warnings");
        for (PlanWarning warning : plan.getWarningsList()) {
            page.paragraph(
                    "  ",
                    Style.CAREFUL,
                    Names.code(warning.getCode(), "PLAN_WARNING_CODE_") + " (set " + warning.getSet() + ")");
            page.paragraph("    ", Style.PLAIN, ServerWords.of(warning.getMessage()));
            if (!warning.getRemediationSql().isEmpty()) {
                page.code("    ", warning.getRemediationSql());
            }
        }
    }
}
