package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.plan.UpkeepWarning.Code;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.set.PartitionSets;
import dev.caretaker.server.partition.upkeep.set.StoredSet;
import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.server.store.RetiredStore;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What upkeep would do next, for lists and checks: cheap, and kept nowhere. */
@Singleton
public final class UpkeepOutlook {
    private static final Set<Code> PROBLEMS = Set.of(Code.SET_DOES_NOT_FIT, Code.NOT_OWNER, Code.PARTITION_UNSUPPORTED);

    private final PartitionSets sets;
    private final RetiredStore retired;
    private final Targets targets;
    private final Clock clock;

    UpkeepOutlook(PartitionSets sets, RetiredStore retired, Targets targets, Clock clock) {
        this.sets = sets;
        this.retired = retired;
        this.targets = targets;
        this.clock = clock;
    }

    /** Of all sets of a target. */
    public List<Outlook> of(String targetName) {
        List<PartitionSet> all =
                sets.ofTarget(targetName).stream().map(StoredSet::set).toList();
        if (all.isEmpty()) {
            return List.of();
        }
        Target target = targets.get(targetName);
        List<RetiredRow> open = retired.open(targetName);
        List<SetFacts> facts = target.withPrimary(connection ->
                FactsReader.atAGlance(target, connection, clock.instant()).read(all, open));
        return facts.stream().map(UpkeepOutlook::outlook).toList();
    }

    private static Outlook outlook(SetFacts facts) {
        UpkeepPlanner.Content content = UpkeepPlanner.plan(List.of(facts));
        return new Outlook(
                facts.set(),
                message(content, PROBLEMS::contains),
                message(content, Code.NOT_COVERED_NOW::equals),
                Runway.of(facts),
                actions(content, action -> action instanceof UpkeepAction.Create),
                actions(
                        content,
                        action -> action instanceof UpkeepAction.Detach || action instanceof UpkeepAction.FinishDetach),
                actions(content, action -> action instanceof UpkeepAction.Drop),
                facts.retired());
    }

    private static Optional<String> message(UpkeepPlanner.Content content, Predicate<Code> wanted) {
        return content.warnings().stream()
                .filter(warning -> wanted.test(warning.code()))
                .map(UpkeepWarning::message)
                .findFirst();
    }

    private static List<PlannedAction> actions(UpkeepPlanner.Content content, Predicate<UpkeepAction> wanted) {
        return content.actions().stream()
                .filter(action -> wanted.test(action.action()))
                .toList();
    }
}
