package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.store.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Plans the upkeep of sets. Pure: facts in, steps out. All that serves inserts goes before all that retires, over all sets: one
 * set's old partitions never delay another's next one.
 */
final class UpkeepPlanner {

    private UpkeepPlanner() {}

    /** Steps in their order, and warnings. */
    record Content(List<PlannedAction> actions, List<UpkeepWarning> warnings) {
        Content plus(List<UpkeepWarning> more) {
            return new Content(
                    actions, Stream.concat(warnings.stream(), more.stream()).toList());
        }
    }

    static Content plan(List<SetFacts> all) {
        List<UpkeepWarning> warnings = new ArrayList<>();
        List<PlannedAction> first = new ArrayList<>();
        List<PlannedAction> ahead = new ArrayList<>();
        List<PlannedAction> defaults = new ArrayList<>();
        List<PlannedAction> detach = new ArrayList<>();
        List<PlannedAction> drop = new ArrayList<>();
        List<PlannedAction> finish = new ArrayList<>();
        for (SetFacts facts : all) {
            Optional<UpkeepWarning> misfit = misfit(facts);
            if (misfit.isPresent()) {
                warnings.add(misfit.get());
                continue;
            }
            Retiring retiring = new Retiring(facts, warnings);
            finish.addAll(retiring.unfinished());
            Creating creating = new Creating(facts, warnings);
            first.addAll(creating.now());
            ahead.addAll(creating.ahead());
            defaults.addAll(creating.defaults());
            detach.addAll(retiring.detached());
            drop.addAll(retiring.dropped());
        }
        List<PlannedAction> actions = Stream.of(finish, first, ahead, defaults, detach, drop)
                .flatMap(List::stream)
                .toList();
        return new Content(
                IntStream.range(0, actions.size())
                        .mapToObj(i -> actions.get(i).at(i + 1))
                        .toList(),
                List.copyOf(warnings));
    }

    /** Names that new relations would get. */
    static Stream<TableName> newNames(SetFacts facts) {
        return misfit(facts).isPresent() ? Stream.empty() : new Creating(facts, new ArrayList<>()).names().stream();
    }

    private static Optional<UpkeepWarning> misfit(SetFacts facts) {
        PartitionSet set = facts.set();
        if (facts.table().isEmpty()) {
            return Optional.of(new UpkeepWarning(
                    UpkeepWarning.Code.SET_DOES_NOT_FIT,
                    set.name(),
                    set.table(),
                    "There is no table " + set.table() + " any more."));
        }
        TableState table = facts.table().get();
        Optional<String> objection = Fit.objection(set, table);
        if (objection.isPresent()) {
            return Optional.of(
                    new UpkeepWarning(UpkeepWarning.Code.SET_DOES_NOT_FIT, set.name(), set.table(), objection.get()));
        }
        if (facts.unread().isPresent()) {
            return Optional.of(new UpkeepWarning(
                    UpkeepWarning.Code.SET_UNREADABLE,
                    set.name(),
                    set.table(),
                    "Rows of " + set.table() + " could not be looked at, so that nothing is planned for it this time: "
                            + facts.unread().get()));
        }
        return table.mayAct()
                ? Optional.empty()
                : Optional.of(new UpkeepWarning(
                        UpkeepWarning.Code.NOT_OWNER,
                        set.name(),
                        Optional.of(set.table()),
                        "Only \"" + table.owner() + "\", who owns " + set.table()
                                + ", or a member of that role may change its partitions"
                                + (table.membership().isPresent()
                                        ? ": grant it to Caretaker's role."
                                        : "; it is a superuser, which no role should be a member of."),
                        Map.of(),
                        table.membership().orElse("")));
    }
}
