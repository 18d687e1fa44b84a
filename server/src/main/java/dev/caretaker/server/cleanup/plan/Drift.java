package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.plan.facts.Asking;
import dev.caretaker.server.cleanup.plan.facts.Eligibilities;
import dev.caretaker.server.cleanup.plan.facts.QuickCount;
import dev.caretaker.server.cleanup.plan.facts.RowSample;
import dev.caretaker.server.cleanup.plan.kept.Mechanism;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlannedPolicy;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.cleanup.plan.warn.VolumeWarnings;
import dev.caretaker.server.cleanup.policy.Limits;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.PartitionDrop;
import dev.caretaker.server.cleanup.step.RelationState;
import dev.caretaker.server.cleanup.step.RowRemoval;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.ApplicationPath;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares a plan with its target as it is now. */
final class Drift {
    /** What is less is left to the limit of the run. */
    private static final double NOTABLE_GROWTH = 1.1;

    private final Plan plan;
    private final Target target;
    private final Session session;
    private final Connection connection;

    private Drift(Plan plan, Target target, Session session) {
        this.plan = plan;
        this.target = target;
        this.session = session;
        this.connection = session.connection();
    }

    /** @throws CaretakerException PLAN_DRIFTED, PLAN_OVER_LIMIT, TARGET_UNREACHABLE */
    static void requireNone(Plan plan, Target target) {
        target.withSession(
                "caretaker/plan",
                session -> ApplicationPath.within(session.connection(), () -> {
                    Drift drift = new Drift(plan, target, session);
                    drift.relations();
                    drift.limits();
                    return null;
                }));
    }

    private void relations() throws SQLException {
        List<Long> oids =
                plan.steps().stream().map(step -> step.work().oid()).distinct().toList();
        Map<Long, RelationState> states = RelationState.readAll(connection, oids);
        for (PlannedStep step : plan.steps()) {
            RelationState state = states.get(step.work().oid());
            if (state == null) {
                throw drifted(step, "was dropped or replaced");
            }
            switch (step.work()) {
                case Work.RemoveRows(Mechanism mechanism, RowRemoval planned) -> {
                    requireSame(step, planned.fingerprint(), state);
                    boolean byAddress = mechanism != Mechanism.INDEX_RANGE;
                    if (byAddress && planned.relfilenode() != state.relfilenode()) {
                        throw drifted(step, "was rewritten, so that rows lie elsewhere");
                    }
                }
                case Work.DropPartition(PartitionDrop planned) -> requireSame(step, planned.fingerprint(), state);
                case Work.Vacuum vacuum -> {}
            }
        }
    }

    private void requireSame(PlannedStep step, String fingerprint, RelationState state) {
        if (!state.table().equals(step.relation())) {
            throw drifted(step, "is now named " + state.table());
        }
        if (!state.fingerprint().equals(fingerprint)) {
            throw drifted(step, "was altered: columns, keys, triggers, bounds or row security");
        }
    }

    private CaretakerException drifted(PlannedStep step, String what) {
        return Execution.refused(
                Reason.PLAN_DRIFTED, plan, "cannot be executed any more: " + step.relation() + " " + what);
    }

    /** Estimates are made anew, and counts where that is quick; the run stops at its limit in any case. */
    private void limits() throws SQLException {
        Asking asking = new Asking(connection);
        for (PlannedPolicy planned : plan.policies()) {
            Limits limits = planned.policy().policy().limits();
            String name = planned.policy().policy().name();
            List<PlannedStep> steps = plan.steps().stream()
                    .filter(step -> step.policy().equals(name))
                    .toList();
            if (limits.isBoundless()) {
                continue;
            }
            long rows = 0;
            for (PlannedStep step : steps) {
                target.actForOwner(session, step.work().oid());
                rows += rows(asking, step);
            }
            double share = (double) rows / Math.max(Math.max(1, rows), planned.tableRows());
            var excess = VolumeWarnings.excess(limits, rows, share);
            if (excess.isPresent()) {
                throw Execution.refused(
                        Reason.PLAN_OVER_LIMIT, plan, "has grown over a limit of policy " + name + ": " + excess.get());
            }
        }
    }

    private static long rows(Asking asking, PlannedStep step) throws SQLException {
        return switch (step.work()) {
            case Work.RemoveRows rows ->
                eligibleRows(asking, step, rows.parameters().eligible());
            case Work.DropPartition drop ->
                step.estimate().rowsExact()
                        ? step.estimate().rows()
                        : asking.expectedRows(SqlFragment.of("SELECT FROM "
                                + Identifiers.quote(drop.parameters().partition())));
            case Work.Vacuum ignored -> 0;
        };
    }

    /** As planned, unless it is quickly told that there are notably more. */
    private static long recounted(Asking asking, long planned, Eligibility eligible) throws SQLException {
        Optional<QuickCount.Counted> now = new QuickCount(asking).few(eligible, eligible.predicate());
        long rows = now.map(counted -> counted.more() ? counted.rows() + 1 : counted.rows())
                .orElse(planned);
        return rows > planned * NOTABLE_GROWTH ? rows : planned;
    }

    private static long eligibleRows(Asking asking, PlannedStep step, Eligibility eligible) throws SQLException {
        if (step.estimate().rowsExact()) {
            return recounted(asking, step.estimate().rows(), eligible);
        }
        if (step.estimate().rowsMargin().isPresent()) {
            Optional<RowSample.Sampled> sampled = new RowSample(asking).of(eligible, asking.pages(eligible.table()));
            return sampled.map(RowSample.Sampled::rows).orElse(step.estimate().rows());
        }
        TableName table = eligible.table();
        SqlFragment query = SqlFragment.of("SELECT 1 FROM ONLY " + Identifiers.quote(table) + " AS t WHERE ")
                .then("", Eligibilities.estimable(eligible).predicate());
        return Math.min(asking.expectedRows(query), Math.max(step.estimate().rows(), asking.tableRows(table)));
    }
}
