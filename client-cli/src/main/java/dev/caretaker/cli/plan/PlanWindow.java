package dev.caretaker.cli.plan;

import dev.caretaker.cli.policies.file.WindowText;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlannedPolicy;
import dev.caretaker.v1.RunWindow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The window in which a plan may run, and whether somebody who executes it now has to wait. */
public final class PlanWindow {
    private PlanWindow() {}

    /** {@code 22:00-05:00 Europe/Berlin, closed until 2026-05-01 20:00:00Z (in 3h 10m)}; empty if there is none. */
    static String of(Plan plan, Clock clock) {
        String window = window(plan).map(WindowText::describe).orElse("");
        return window.isEmpty()
                ? ""
                : window
                        + opening(plan, clock).map(at -> ", closed until " + at).orElse(", open");
    }

    /** When it opens: {@code 2026-05-01 20:00:00Z (in 3h 10m)}; empty if it is open, or there is none. */
    public static Optional<String> opening(Plan plan, Clock clock) {
        if (!plan.hasWindowOpenTime()) {
            return Optional.empty();
        }
        Instant opens = Instant.ofEpochSecond(plan.getWindowOpenTime().getSeconds());
        Duration wait = Duration.between(clock.instant(), opens);
        return Optional.of(Human.instant(plan.getWindowOpenTime())
                + (!wait.isNegative() ? " (in " + Human.duration(wait) + ")" : ""));
    }

    private static Optional<RunWindow> window(Plan plan) {
        return plan.getPoliciesList().stream()
                .map(PlannedPolicy::getPolicy)
                .filter(policy -> policy.getLimits().hasWindow())
                .map(policy -> policy.getLimits().getWindow())
                .findFirst();
    }
}
