package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.PlanWarning;
import dev.caretaker.v1.PlanWarningCode;
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

    /** Those that block before the others. */
    public List<PlanWarning> warnings() {
        return plan.getWarningsList().stream()
                .sorted(Comparator.comparing(PlanWarning::getBlocking).reversed())
                .toList();
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
