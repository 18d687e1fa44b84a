package dev.caretaker.cli.upkeep;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.v1.RunAccepted;
import dev.caretaker.v1.RunStep;

/** What a run would do, and why; of parts of a routine, for which policy. */
final class Preview {
    private Preview() {}

    static void show(RunAccepted run, Page page) {
        if (run.getStepsCount() == 0) {
            page.line(Style.GOOD, "Nothing to do at " + run.getTarget() + ".");
            return;
        }
        boolean forPolicies =
                run.getStepsList().stream().anyMatch(step -> !step.getPolicy().isEmpty());
        Table table = new Table(">#", "KIND", "RELATION", forPolicies ? "POLICY" : "WHY");
        for (RunStep step : run.getStepsList()) {
            table.row(
                    step.getOrdinal(),
                    step.getKind(),
                    Names.table(step.getRelation()),
                    forPolicies ? step.getPolicy() : step.getMessage());
        }
        page.table(table);
    }
}
