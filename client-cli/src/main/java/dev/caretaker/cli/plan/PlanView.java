package dev.caretaker.cli.plan;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.policies.file.RetentionText;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Estimate;
import dev.caretaker.v1.EstimateSource;
import dev.caretaker.v1.Mechanism;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.PlannedPolicy;
import dev.caretaker.v1.RowsSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** A plan for people: what would go, how, at which cost, what speaks against it, and what to type next. */
public final class PlanView {
    private final Plan plan;
    private final Clock clock;
    private final Page page;

    public PlanView(Plan plan, Clock clock, Page page) {
        this.plan = plan;
        this.clock = clock;
        this.page = page;
    }

    /** All of it. */
    public void show(boolean sql) {
        page.pair("plan", plan.getPlanId(), Style.BOLD);
        page.pair("target", plan.getTarget());
        page.pair("made", Human.instant(plan.getCreateTime()) + by(Names.actor(plan.getCreatedBy())));
        page.pair("expires", expiry(), expired() ? Style.BAD : Style.PLAIN);
        page.pair("window", PlanWindow.of(plan, clock));
        page.pair("executed by", plan.getRunId());
        policies(sql);
        steps(sql);
        new PlanWarningsView(plan, page).show();
        page.blank().paragraph("", Style.BOLD, next());
    }

    /** One line. */
    public void title() {
        page.line(
                Style.BOLD,
                "Plan " + plan.getPlanId() + " of " + plan.getTarget() + ": "
                        + Human.rows(plan.getTotal().getRows(), plan.getTotal().getRowsExact()) + " in "
                        + plan.getStepsCount() + (plan.getStepsCount() == 1 ? " step" : " steps"));
    }

    /** Enough to decide on: totals and warnings. */
    public void summary() {
        title();
        page.pair("window", PlanWindow.of(plan, clock));
        page.table(stepTable(), "  ");
        new PlanWarningsView(plan, page).show();
    }

    private void policies(boolean sql) {
        page.heading("Policies");
        Table table = new Table("POLICY", "TABLE", "KEEP", "REMOVES ROWS OLDER THAN");
        for (PlannedPolicy planned : plan.getPoliciesList()) {
            table.row(
                    planned.getPolicy().getName(),
                    Names.table(planned.getPolicy().getTable()),
                    RetentionText.describe(planned.getPolicy().getRetention()),
                    Human.instant(planned.getCutoff()));
        }
        page.table(table, "  ");
        if (sql) {
            for (PlannedPolicy planned : plan.getPoliciesList()) {
                page.code("  " + planned.getPolicy().getName() + ": ", planned.getPredicateSql());
            }
        }
    }

    private void steps(boolean sql) {
        page.heading("Steps");
        if (plan.getStepsCount() == 0) {
            page.line("  Nothing to do.");
            return;
        }
        page.table(stepTable(), "  ");
        page.blank();
        new PlanStepNotes(plan, page).show(sql);
    }

    private Table stepTable() {
        Table table = new Table(
                ">#",
                "HOW",
                "RELATION",
                "POLICY",
                ">ROWS",
                ">DELETED",
                "?>REUSABLE",
                ">TO DISK",
                "?>WAL",
                "?>BATCHES",
                ">TIME");
        for (PlanStep step : plan.getStepsList()) {
            boolean removes = step.getMechanism() != Mechanism.MECHANISM_UNSPECIFIED;
            row(
                    table,
                    Integer.toString(step.getOrdinal()),
                    removes ? Names.words(step.getMechanism(), "MECHANISM_") : "follow-up",
                    Names.table(step.getRelation()),
                    step.getPolicy(),
                    removes ? rows(step.getEstimate()) : "",
                    step.getEstimate());
        }
        if (plan.getStepsCount() > 1) {
            row(table, "", "total", "", "", rows(plan.getTotal()), plan.getTotal());
        }
        return table;
    }

    private static void row(
            Table table, String number, String how, String relation, String policy, String rows, Estimate estimate) {
        table.row(
                number,
                how,
                relation,
                policy,
                rows,
                Human.bytes(estimate.getBytesDeleted()),
                Human.bytes(estimate.getBytesReusable()),
                Human.bytes(estimate.getBytesReturned()),
                Human.bytes(estimate.getWalBytes()),
                Human.count(estimate.getBatches()),
                (probed(estimate) ? "" : "~") + Human.duration(estimate.getDuration()));
    }

    private static boolean probed(Estimate estimate) {
        return estimate.getSource() == EstimateSource.ESTIMATE_SOURCE_PROBE;
    }

    static String rows(Estimate estimate) {
        String rows = Human.count(estimate.getRows(), estimate.getRowsExact());
        return estimate.getRowsSource() == RowsSource.ROWS_SOURCE_SAMPLE
                ? rows + " ± " + Human.count(estimate.getRowsMargin())
                : rows;
    }

    private boolean expired() {
        return plan.hasExpireTime()
                && clock.instant().getEpochSecond() >= plan.getExpireTime().getSeconds();
    }

    private String expiry() {
        Instant end = Instant.ofEpochSecond(plan.getExpireTime().getSeconds());
        String at = Human.instant(plan.getExpireTime());
        return expired()
                ? at + " (expired)"
                : at + " (in " + Human.duration(Duration.between(clock.instant(), end)) + ")";
    }

    private static String by(String actor) {
        return actor.isEmpty() ? "" : " by " + actor;
    }

    private String next() {
        if (!plan.getRunId().isEmpty()) {
            return "Next: caretaker runs show " + plan.getRunId();
        }
        if (expired()) {
            return "The plan has expired; make a new one.";
        }
        if (plan.getStepsCount() == 0) {
            return "Nothing to execute.";
        }
        Blockers blockers = Blockers.of(plan);
        return blockers.isEmpty() || blockers.canBeOverridden()
                ? "Next: caretaker execute " + plan.getPlanId() + blockers.options()
                : blockers.advice();
    }
}
