package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.plan.facts.PolicyFactsReader.Depth;
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
import java.util.OptionalLong;

/**
 * Asks how many rows of the relations of a policy are eligible, and what a delete of a few of them costs. Reads no table as a
 * whole unless it is small or exact figures were asked for.
 */
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
        QuickCount quick = new QuickCount(asking);
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Rows rows -> measured.put(rows.relation().oid(), rows(quick, facts, rows.relation()));
                case Piece.Drop drop -> {
                    if (depth.exact()) {
                        measured.putAll(dropped(facts, drop.relation()));
                    }
                }
            }
        }
        return measured;
    }

    private Measured rows(QuickCount quick, PolicyFacts facts, Relation relation) throws SQLException {
        if (relation.rowSecurity().appliesToUs()) {
            return Measured.estimated(0, Costs.tableRows(facts.storage(relation)));
        }
        Eligibility eligible = Eligibilities.of(facts, relation);
        String from = " FROM ONLY " + Identifiers.quote(relation.name()) + " AS t WHERE ";
        long tableRows = relation.size().heap() == 0 ? 0 : asking.tableRows(relation.name());
        Optional<Long> counted = depth.exact()
                ? asking.count(
                        SqlFragment.of("SELECT pg_catalog.count(*)" + from).then("", eligible.predicate()),
                        depth.countTimeout())
                : Optional.empty();
        Rows rows = counted.isPresent()
                ? new Rows(counted.get(), true, tableRows, OptionalLong.empty())
                : look(quick, facts, relation, eligible, tableRows);
        boolean nothingHeld = rows.exact()
                && rows.eligible() == 0
                && quick.nothingHeld(facts.policy().policy(), relation, eligible);
        Probed probed = depth.probe() ? probe(facts.storage(relation), eligible) : Probed.NOT_ASKED;
        return new Measured(
                rows.eligible(),
                rows.exact(),
                depth.exact() && !rows.exact(),
                Math.max(rows.eligible(), rows.all()),
                probed.probe(),
                probed.obstacle(),
                rows.margin(),
                nothingHeld);
    }

    /**
     * Rows of a relation.
     *
     * @param margin how far {@code eligible} may be off; empty unless a sample was taken
     */
    private record Rows(long eligible, boolean exact, long all, OptionalLong margin) {}

    /** Counted if that is quick; by statistics if they can be trusted; else by a sample. */
    private Rows look(QuickCount quick, PolicyFacts facts, Relation relation, Eligibility eligible, long tableRows)
            throws SQLException {
        Optional<QuickCount.Counted> counted = quick.of(facts.policy().policy(), relation, eligible);
        if (counted.isPresent() && !counted.get().more()) {
            return new Rows(
                    counted.get().rows(), true, counted.get().tableRows().orElse(tableRows), OptionalLong.empty());
        }
        long least = counted.map(few -> few.rows() + 1).orElse(0L);
        long expected = Math.min(
                tableRows,
                asking.expectedRows(
                        SqlFragment.of("SELECT 1 FROM ONLY " + Identifiers.quote(relation.name()) + " AS t WHERE ")
                                .then("", Eligibilities.estimable(eligible).predicate())));
        boolean doubtful =
                expected < least || Staleness.isDoubtful(relation.statistics(), facts.storage(relation), expected);
        Optional<RowSample.Sampled> sampled = doubtful ? sample(relation, eligible) : Optional.empty();
        if (sampled.isEmpty()) {
            return new Rows(Math.max(least, expected), false, tableRows, OptionalLong.empty());
        }
        long rows = sampled.get().rows() > 0
                ? sampled.get().rows()
                : Math.max(1, Math.min(expected, sampled.get().margin()));
        return new Rows(
                Math.max(least, rows),
                false,
                sampled.get().tableRows(),
                OptionalLong.of(sampled.get().margin()));
    }

    private Optional<RowSample.Sampled> sample(Relation relation, Eligibility eligible) throws SQLException {
        long pages = relation.size().heap() / Storage.PAGE_BYTES;
        boolean large = relation.size().measured() && pages >= RowSample.LEAST_PAGES;
        return large ? new RowSample(asking).of(eligible, pages) : Optional.empty();
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
