package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.cleanup.table.TableTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The policies of one plan beside each other: what one removes holds back nothing of another. */
final class Companions {
    private final List<Member> members = new ArrayList<>();

    /** A policy as it is planned. */
    private record Member(Policy policy, TableTree tree, String bound) {}

    void add(Policy policy, TableTree tree, String bound) {
        members.add(new Member(policy, tree, bound));
    }

    TableOrder order() {
        return new TableOrder(members.stream().map(Member::tree).toList());
    }

    /** That a policy of the plan removes the row {@code t} of a relation; empty if none cleans it. */
    Optional<SqlFragment> removing(long relation) {
        return members.stream()
                .filter(member -> member.tree().relations().stream().anyMatch(known -> known.oid() == relation))
                .map(member -> Eligibilities.of(
                                member.policy(),
                                member.tree(),
                                member.bound(),
                                member.tree().root())
                        .anywhere())
                .map(condition -> SqlFragment.of("(").then("", condition).then("", SqlFragment.of(")")))
                .reduce((left, right) -> left.then(" OR ", right));
    }
}
