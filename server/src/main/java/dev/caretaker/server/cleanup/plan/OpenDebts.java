package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What earlier runs have left at the tables that a plan is about. */
final class OpenDebts {
    private OpenDebts() {}

    /** The content with a warning for each. */
    static Planner.Content told(Planner.Content content, List<StoredPolicy> policies, List<DebtView> debts) {
        List<TableName> tables =
                policies.stream().map(stored -> stored.policy().table()).toList();
        List<PlanWarning> warnings = debts.stream()
                .filter(debt -> tables.contains(debt.table()))
                .map(OpenDebts::warning)
                .toList();
        return new Planner.Content(
                content.policies(),
                content.steps(),
                Stream.concat(content.warnings().stream(), warnings.stream()).toList(),
                content.total());
    }

    private static PlanWarning warning(DebtView debt) {
        String answer = debt.answer().isEmpty() ? "" : " " + debt.answer();
        return new PlanWarning(
                Code.DEBT_OPEN,
                "An earlier run has left something: " + debt.message() + answer
                        + " The next run on the table settles it first, if it can.",
                false,
                Optional.of(debt.table()),
                "",
                Map.of("run", debt.runId().toString(), "object", debt.object().toString(), "kind", debt.kind()),
                "");
    }
}
