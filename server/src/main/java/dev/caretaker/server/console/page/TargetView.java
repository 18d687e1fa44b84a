package dev.caretaker.server.console.page;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.console.show.Curve;
import dev.caretaker.server.console.show.Words;
import dev.caretaker.server.console.web.Links;
import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.Growth;
import dev.caretaker.v1.Health;
import dev.caretaker.v1.HealthReason;
import dev.caretaker.v1.Hold;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyGrowth;
import dev.caretaker.v1.Run;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the page of a target shows.
 *
 * @param health empty if it is not known
 * @param problem why it could not be looked at since, or at all; may be empty
 * @param taken when it was seen so
 * @param policies those it has
 * @param runs the newest
 * @param holds in force
 */
public record TargetView(
        String target,
        Optional<Health> health,
        String problem,
        Optional<Timestamp> taken,
        Growth growth,
        List<Policy> policies,
        List<Run> runs,
        List<Hold> holds) {

    public String verdict() {
        return health.map(Health::getVerdict)
                .map(Words::of)
                .map(words -> problem.isEmpty() ? words : words + ", when last seen")
                .orElse(taken.isEmpty() ? "Looking …" : "Not known");
    }

    public String tone() {
        return health.map(Health::getVerdict).map(Words::tone).orElse("quiet");
    }

    public Optional<Curve> curve() {
        return Curve.of(growth.getDatabase().getSeries());
    }

    /** Policies with what is known of whether they catch up. */
    public Map<String, PolicyGrowth> catching() {
        return growth.getPoliciesList().stream()
                .collect(Collectors.toMap(PolicyGrowth::getPolicy, Function.identity(), (one, other) -> one));
    }

    /** Where one reads more about a reason. */
    public Optional<String> href(HealthReason reason) {
        if (reason.getId().isEmpty()) {
            return Optional.empty();
        }
        return switch (reason.getCode()) {
            case HEALTH_REASON_CODE_FINDING ->
                Optional.of(Links.to("/finding", "target", target, "id", reason.getId()));
            case HEALTH_REASON_CODE_RUN_ENDED_BADLY, HEALTH_REASON_CODE_RUN_WAITS_FOR_PERSON ->
                Optional.of(Links.run(reason.getId()));
            default -> Optional.empty();
        };
    }

    /** How many findings there are, in words. */
    public static String findings(Health health) {
        return Show.count(health.getCriticalFindings()) + " critical, "
                + Show.count(health.getWarningFindings(), "warning", "warnings") + ", "
                + Show.count(health.getInfoFindings()) + " good to know";
    }
}
