package dev.caretaker.server.cleanup.plan.warn;

import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.plan.facts.Eligibilities;
import dev.caretaker.server.cleanup.plan.facts.KeptChildFacts;
import dev.caretaker.server.cleanup.plan.facts.KeptFacts;
import dev.caretaker.server.cleanup.plan.facts.PolicyFacts;
import dev.caretaker.server.cleanup.plan.facts.Tally;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning;
import dev.caretaker.server.cleanup.plan.kept.PlanWarning.Code;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.policy.Keeping;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.ForeignKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stands against keeping rows, and what goes with them and is not kept. */
final class KeepingWarnings {
    private final PolicyFacts policy;

    private KeepingWarnings(PolicyFacts policy) {
        this.policy = policy;
    }

    static List<PlanWarning> of(PolicyFacts policy, List<PlannedStep> steps) {
        if (policy.kept().isEmpty()) {
            return List.of();
        }
        KeepingWarnings warnings = new KeepingWarnings(policy);
        List<PlanWarning> all = new ArrayList<>();
        policy.kept().forEach(kept -> warnings.unfit(kept).ifPresent(all::add));
        policy.keptChildren().forEach(child -> warnings.unfit(child.kept()).ifPresent(all::add));
        warnings.circular().ifPresent(all::add);
        if (policy.policy().policy().keeping().orElseThrow() instanceof Keeping.Archive archive) {
            all.addAll(warnings.children(steps, archive));
        }
        return all;
    }

    private Optional<PlanWarning> unfit(KeptFacts kept) {
        if (kept.obstacles().isEmpty()) {
            return Optional.empty();
        }
        Keeper keeper = kept.keeper();
        return Optional.of(new PlanWarning(
                Code.ARCHIVE_DOES_NOT_FIT,
                (keeper instanceof Keeper.InTable ? "Table " : "Destination ") + keeper.place()
                        + " cannot keep what would be deleted: " + String.join("; ", kept.obstacles()) + ".",
                true,
                Optional.of(
                        keeper instanceof Keeper.InTable table
                                ? table.table()
                                : policy.tree().root().name()),
                policy.policy().policy().name(),
                Map.of("obstacles", String.join("; ", kept.obstacles())),
                ""));
    }

    private Optional<PlanWarning> circular() {
        if (policy.keptChildren().isEmpty() || policy.circularKeys().isEmpty()) {
            return Optional.empty();
        }
        TableName table = policy.tree().root().name();
        return Optional.of(new PlanWarning(
                Code.ARCHIVE_DOES_NOT_FIT,
                "Rows of " + table + " go together with rows that refer to them in a circle; their children cannot be"
                        + " archived with them.",
                true,
                Optional.of(table),
                policy.policy().policy().name(),
                Map.of(),
                ""));
    }

    /** Rows that foreign keys delete are in no RETURNING: they are kept by themselves, or lost. */
    private List<PlanWarning> children(List<PlannedStep> steps, Keeping.Archive archive) {
        Map<ForeignKey, PlanWarning> warnings = new LinkedHashMap<>();
        for (PlannedStep step : steps) {
            for (ForeignKey key : Eligibilities.concerning(
                    policy.tree(), policy.tree().get(step.work().oid()))) {
                if (key.onDelete() == ForeignKey.OnDelete.CASCADE) {
                    warnings.put(key, archive.withChildren() ? kept(key) : child(key, archive.loseChildren()));
                }
            }
        }
        return List.copyOf(warnings.values());
    }

    /** Rows that cascade within the policy's own table are none of another one. */
    private PlanWarning kept(ForeignKey key) {
        String rows = policy.childRows().getOrDefault(key, Tally.NONE).toString();
        Optional<KeptChildFacts> child = policy.keptChildren().stream()
                .filter(kept -> kept.keys().contains(key))
                .findFirst();
        String what = "Rows of " + key.child() + " go with archived rows, through foreign key " + key.name()
                + " (rows: " + rows + ")";
        return new PlanWarning(
                child.isPresent() ? Code.CHILDREN_ARCHIVED : Code.CHILDREN_NOT_ARCHIVED,
                child.map(kept -> what + ", and are archived, too: in "
                                + kept.kept().keeper().place() + ".")
                        .orElse(what + ", which are rows of the same table: these cannot be archived as children."),
                child.isEmpty(),
                Optional.of(key.child()),
                policy.policy().policy().name(),
                Map.of("constraint", key.name(), "child", key.child().toString(), "child_rows", rows),
                "");
    }

    private PlanWarning child(ForeignKey key, boolean lost) {
        String rows = policy.childRows().getOrDefault(key, Tally.NONE).toString();
        return new PlanWarning(
                Code.CHILDREN_NOT_ARCHIVED,
                "Rows of " + key.child() + " go with archived rows, through foreign key " + key.name() + " (rows: "
                        + rows
                        + "), and nothing keeps them"
                        + (lost
                                ? "; the policy accepts that."
                                : ": set withChildren: true in the policy's archive to archive them, too, or"
                                        + " loseChildren: true if they are to be lost."),
                !lost,
                Optional.of(key.child()),
                policy.policy().policy().name(),
                Map.of("constraint", key.name(), "child", key.child().toString(), "child_rows", rows),
                "");
    }
}
