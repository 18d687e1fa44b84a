package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.plan.PolicyFactsReader.Depth;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.catalog.Relation;
import dev.caretaker.server.target.catalog.Trigger;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks how many rows of the relations of a policy are eligible, and what a delete of a few of them costs. */
final class Measuring {
    private final Asking asking;
    private final Depth depth;

    Measuring(Asking asking, Depth depth) {
        this.asking = asking;
        this.depth = depth;
    }

    /** By oid. Partitions to be dropped are counted only if exact figures were asked for: statistics tell enough. */
    Map<Long, Measured> of(PolicyFacts facts, List<Piece> pieces) throws SQLException {
        Map<Long, Measured> measured = new HashMap<>();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Rows rows -> measured.put(rows.relation().oid(), rows(facts, rows.relation()));
                case Piece.Drop drop -> {
                    if (depth.exact()) {
                        measured.putAll(dropped(facts, drop.relation()));
                    }
                }
            }
        }
        return measured;
    }

    private Measured rows(PolicyFacts facts, Relation relation) throws SQLException {
        if (relation.rowSecurity().appliesToUs()) {
            return Measured.estimated(0, Costs.tableRows(facts.storage(relation)));
        }
        Eligibility eligible = Eligibilities.of(facts, relation);
        String from = " FROM ONLY " + Identifiers.quote(relation.name()) + " AS t WHERE ";
        long tableRows = relation.size().heap() == 0 ? 0 : asking.tableRows(relation.name());
        long expected = asking.expectedRows(SqlFragment.of("SELECT 1" + from)
                .then("", Eligibilities.estimable(eligible).predicate()));
        Optional<Long> counted = depth.exact()
                ? asking.count(
                        SqlFragment.of("SELECT pg_catalog.count(*)" + from).then("", eligible.predicate()),
                        depth.countTimeout())
                : Optional.empty();
        long rows = counted.orElse(Math.min(tableRows, expected));
        Probed probed = depth.probe() ? probe(facts.storage(relation), eligible) : Probed.NOT_ASKED;
        return new Measured(
                rows,
                counted.isPresent(),
                depth.exact() && counted.isEmpty(),
                Math.max(rows, tableRows),
                probed.probe(),
                probed.obstacle());
    }

    private Map<Long, Measured> dropped(PolicyFacts facts, Relation partition) throws SQLException {
        Map<Long, Measured> counted = new HashMap<>();
        for (Relation relation : facts.tree().subtree(partition)) {
            if (TableTree.hasRows(relation)) {
                Optional<Long> exact = asking.count(
                        SqlFragment.of("SELECT pg_catalog.count(*) FROM ONLY " + Identifiers.quote(relation.name())),
                        depth.countTimeout());
                long rows = exact.orElseGet(() -> Costs.tableRows(facts.storage(relation)));
                counted.put(
                        relation.oid(),
                        new Measured(
                                rows, exact.isPresent(), exact.isEmpty(), rows, Optional.empty(), Optional.empty()));
            }
        }
        return counted;
    }

    /** @param obstacle why there is no probe although it was asked for */
    private record Probed(Optional<Measured.Probe> probe, Optional<String> obstacle) {
        static final Probed NOT_ASKED = new Probed(Optional.empty(), Optional.empty());

        static Probed not(String obstacle) {
            return new Probed(Optional.empty(), Optional.of(obstacle));
        }
    }

    private Probed probe(Storage storage, Eligibility eligible) {
        List<Trigger> triggers = storage.deleteTriggers();
        if (!triggers.isEmpty()) {
            return Probed.not("user trigger " + triggers.getFirst().name()
                    + " would fire, and what it does outside of the transaction cannot be rolled back");
        }
        try {
            return new Probed(new Probing(asking).probe(eligible), Optional.empty());
        } catch (SQLException e) {
            return Probed.not("the server refused it (" + e.getSQLState() + "): " + PostgresErrors.clause(e));
        }
    }
}
