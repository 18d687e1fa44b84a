package dev.caretaker.cli.plan;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Estimate;
import dev.caretaker.v1.Mechanism;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlannedPolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A plan by policy instead of by step, and its warnings by code: a page where all of it would be many. */
final class PlanBrief {
    private final Plan plan;
    private final Clock clock;
    private final Page page;

    PlanBrief(Plan plan, Clock clock, Page page) {
        this.plan = plan;
        this.clock = clock;
        this.page = page;
    }

    void show() {
        page.line(
                Style.BOLD,
                "Plan " + plan.getPlanId() + " of " + plan.getTarget() + ", until "
                        + Human.instant(plan.getExpireTime()));
        page.pair("window", PlanWindow.of(plan, clock));
        page.blank().table(policies(), "  ");
        warnings();
        page.blank().line(Style.DIM, "Steps, reasons, locks and remedies: caretaker plan --show " + plan.getPlanId());
    }

    private Table policies() {
        Table table = new Table("POLICY", "TABLE", "HOW", ">ROWS", "?>REUSABLE", ">TO DISK", "?>WAL", ">TIME");
        for (PlannedPolicy planned : plan.getPoliciesList()) {
            Sum sum = new Sum();
            plan.getStepsList().stream()
                    .filter(step -> step.getPolicy().equals(planned.getPolicy().getName()))
                    .forEach(sum::add);
            row(
                    table,
                    planned.getPolicy().getName(),
                    Names.table(planned.getPolicy().getTable()),
                    sum);
        }
        Sum followUps = new Sum();
        plan.getStepsList().stream().filter(step -> step.getPolicy().isEmpty()).forEach(followUps::add);
        if (followUps.steps > 0) {
            row(table, "", "", followUps);
        }
        Sum total = new Sum();
        plan.getStepsList().forEach(total::add);
        total.how.clear();
        row(table, "total", "", total);
        return table;
    }

    private static void row(Table table, String policy, String relation, Sum sum) {
        table.row(
                policy,
                relation,
                sum.how(),
                sum.removes ? Human.count(sum.rows, sum.exact) : "",
                Human.bytes(sum.reusable),
                Human.bytes(sum.returned),
                Human.bytes(sum.wal),
                "~" + Human.duration(sum.time));
    }

    private void warnings() {
        Map<String, Set<String>> concerned = new LinkedHashMap<>();
        boolean[] passes = {true, false};
        for (boolean blocking : passes) {
            for (PlanWarning warning : plan.getWarningsList()) {
                if (warning.getBlocking() == blocking) {
                    String code = (blocking ? "BLOCKING " : "") + Names.code(warning.getCode(), "PLAN_WARNING_CODE_");
                    concerned
                            .computeIfAbsent(code, any -> new LinkedHashSet<>())
                            .add(
                                    warning.getPolicy().isEmpty()
                                            ? Names.table(warning.getRelation())
                                            : warning.getPolicy());
                }
            }
        }
        if (concerned.isEmpty()) {
            return;
        }
        page.heading("Warnings");
        concerned.forEach((code, who) -> page.paragraph(
                "  ", code.startsWith("BLOCKING") ? Style.BAD : Style.CAREFUL, code + ": " + String.join(", ", who)));
    }

    /** Sums of steps. */
    private static final class Sum {
        private final Map<String, Integer> how = new LinkedHashMap<>();
        private int steps;
        private boolean removes;
        private long rows;
        private boolean exact = true;
        private long reusable;
        private long returned;
        private long wal;
        private Duration time = Duration.ZERO;

        void add(PlanStep step) {
            Estimate estimate = step.getEstimate();
            steps++;
            how.merge(mechanism(step), 1, Integer::sum);
            if (step.getMechanism() != Mechanism.MECHANISM_UNSPECIFIED) {
                removes = true;
                rows += estimate.getRows();
                exact &= estimate.getRowsExact();
            }
            reusable += estimate.getBytesReusable();
            returned += estimate.getBytesReturned();
            wal += estimate.getWalBytes();
            time = time.plus(Durations.fromProto(estimate.getDuration()));
        }

        String how() {
            List<String> parts = new ArrayList<>();
            how.forEach((mechanism, count) -> parts.add(count == 1 ? mechanism : count + " × " + mechanism));
            return String.join(", ", parts);
        }

        private static String mechanism(PlanStep step) {
            return step.getMechanism() == Mechanism.MECHANISM_UNSPECIFIED
                    ? "follow-up"
                    : Names.words(step.getMechanism(), "MECHANISM_");
        }
    }
}
