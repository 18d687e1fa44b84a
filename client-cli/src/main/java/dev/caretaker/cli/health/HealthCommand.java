package dev.caretaker.cli.health;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.v1.GetHealthRequest;
import dev.caretaker.v1.Health;
import dev.caretaker.v1.HealthVerdict;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker health}. */
@Command(
        name = "health",
        description = "Say on one page whether a database is well: a verdict and why. Reads only.",
        footer = {
            "",
            "The verdict is good, attention (somebody should look) or critical (somebody must look soon).",
            "Exits with 6 when --fail-on is met."
        })
public final class HealthCommand implements Callable<Integer> {
    /** All checks run, a few at a time, each for at most half a minute. */
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(10);

    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", required = true, description = "The target to look at.")
    private String target;

    @Option(
            names = "--fail-on",
            paramLabel = "VERDICT",
            converter = Verdicts.class,
            description = "Exit with 6 if the verdict is at least this grave: attention, critical. Default: critical.")
    private HealthVerdict failOn = HealthVerdict.HEALTH_VERDICT_CRITICAL;

    public HealthCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Health health = session.connection()
                .usuallyWithin(USUAL_LIMIT)
                .health()
                .getHealth(GetHealthRequest.newBuilder().setTarget(target).build())
                .getHealth();
        session.printer().one(health, page -> HealthView.show(health, page));
        return health.getVerdictValue() >= failOn.getNumber() ? ExitCode.FINDINGS : ExitCode.COMPLETE;
    }
}
