package dev.caretaker.server.console.page;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.console.page.PlansInMaking.Making;
import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.web.Problem;
import java.util.List;
import java.util.Optional;

/**
 * A plan that is being made, or could not be.
 *
 * @param requestId of who asked for it
 * @param asked what for; empty if this server does not know
 * @param problem why it could not be made; empty if it may be yet
 */
public record PlanningView(String requestId, Optional<Asked> asked, Optional<Problem> problem) {

    /**
     * What was asked for.
     *
     * @param policies those that were chosen; empty: all of the target
     */
    public record Asked(String target, List<String> policies, Timestamp since) {}

    static PlanningView of(String requestId, Optional<Making> making, Optional<Problem> problem) {
        return new PlanningView(
                requestId,
                making.map(known -> new Asked(
                        known.request().getTarget(),
                        known.request().getPoliciesList(),
                        Moments.timestamp(known.since()))),
                problem);
    }

    /** Whether it is being made. */
    public boolean isOpen() {
        return asked.isPresent() && problem.isEmpty();
    }
}
