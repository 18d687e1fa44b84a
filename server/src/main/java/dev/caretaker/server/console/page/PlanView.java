package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlanWarningCode;
import dev.caretaker.v1.PlannedPolicy;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A plan.
 *
 * @param steps those that are shown
 * @param expired whether it may no longer be executed
 */
public record PlanView(Plan plan, ListPart<PlanStep> steps, boolean expired) {

    private static final int MOST = 100;

    /** @param path of its page, below that of the console */
    static PlanView of(Request request, String path, Plan plan, Instant now) {
        return new PlanView(
                plan,
                ListPart.of(request, path, plan.getStepsList()),
                !Moments.instant(plan.getExpireTime()).isAfter(now));
    }

    public boolean isExecuted() {
        return !plan.getRunId().isEmpty();
    }

    /** Those that block before the others, a hundred at most. */
    public List<PlanWarning> warnings() {
        return plan.getWarningsList().stream()
                .sorted(Comparator.comparing(PlanWarning::getBlocking).reversed())
                .limit(MOST)
                .toList();
    }

    /** Those that are shown. */
    public List<PlannedPolicy> policies() {
        return plan.getPoliciesList().stream().limit(MOST).toList();
    }

    /** How many more there are than are shown; empty if there are no more. */
    public static String more(int all) {
        return all > MOST ? Show.count(all - MOST) + " more of " + Show.count(all) + ", which the API has" : "";
    }

    /** Codes that somebody has to accept before it is executed, each once. */
    public List<PlanWarningCode> blockers() {
        return plan.getWarningsList().stream()
                .filter(PlanWarning::getBlocking)
                .map(PlanWarning::getCode)
                .distinct()
                .toList();
    }

    /** "UNINDEXED_FOREIGN_KEY" as "unindexed foreign key". */
    public static String words(PlanWarningCode code) {
        return code.name()
                .replaceFirst("^PLAN_WARNING_CODE_", "")
                .toLowerCase(Locale.ROOT)
                .replace('_', ' ');
    }
}
