package dev.caretaker.cli.targets;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.v1.CheckTargetRequest;
import dev.caretaker.v1.TargetCheck;
import dev.caretaker.v1.TargetProblemCode;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code caretaker targets check TARGET}. */
@Command(
        name = "check",
        description = "Connect to a database and say what is missing: version, rights, proxies, replica.",
        footer = {"", "Exits with 3 if runs would be refused, 4 if it cannot be reached."})
public final class CheckTarget implements Callable<Integer> {
    /** A database that does not answer takes the server's own connection timeouts to be found out. */
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(2);

    private final Session session;

    @Parameters(paramLabel = "TARGET", description = "Name of the target.")
    private String name;

    public CheckTarget(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        CheckTargetRequest request =
                CheckTargetRequest.newBuilder().setTarget(name).build();
        TargetCheck check = session.connection()
                .usuallyWithin(USUAL_LIMIT)
                .targets()
                .checkTarget(request)
                .getCheck();
        session.printer().one(check, page -> TargetCheckView.show(check, page));
        if (check.getHealthy()) {
            return ExitCode.COMPLETE;
        }
        boolean unreachable = check.getProblemsList().stream()
                .anyMatch(problem -> problem.getCode() == TargetProblemCode.TARGET_PROBLEM_CODE_UNREACHABLE);
        return unreachable ? ExitCode.UNREACHABLE : ExitCode.REFUSED;
    }
}
