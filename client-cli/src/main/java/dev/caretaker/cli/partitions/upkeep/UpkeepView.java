package dev.caretaker.cli.partitions.upkeep;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlannedLock;

/** A plan of upkeep for people. */
final class UpkeepView {
    private static final String ACTION = "UPKEEP_ACTION_";

    private final Plan plan;
    private final Page page;

    UpkeepView(Plan plan, Page page) {
        this.plan = plan;
        this.page = page;
    }

    /** Steps and warnings. */
    void brief() {
        steps();
        warnings();
    }

    /** All of it, with locks and statements. */
    void show() {
        brief();
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

    private void steps() {
        if (plan.getStepsCount() == 0) {
            page.line(Style.GOOD, "Nothing to do at " + plan.getTarget() + ": " + sets() + ".");
            return;
        }
        Table table = new Table(">#", "SET", "ACTION", "PARTITION", ">SIZE", "WHY");
        for (PlanStep step : plan.getStepsList()) {
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
            page.paragraph("    ", Style.PLAIN, warning.getMessage());
        }
    }
}
