package dev.caretaker.cli.plan;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.policies.PolicyName;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.upkeep.RequiredBackup;
import dev.caretaker.v1.GetPlanRequest;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker plan [POLICY…]}. */
@Command(
        name = "plan",
        description = "Say what retention would remove, how, and what it costs. Changes nothing.",
        footer = {"", "'caretaker execute PLAN' runs a plan exactly as it was made, until it expires."})
public final class PlanCommand implements Runnable {
    /** Exact counts and probes take their time. */
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(10);

    private final Session session;

    @Parameters(
            paramLabel = "POLICY",
            arity = "0..*",
            description = "Policies of one target, as NAME or TARGET/NAME; with --target alone, all.")
    private List<String> policies = List.of();

    @Option(names = "--target", paramLabel = "NAME", description = "Plan all policies of this target.")
    private String target = "";

    @Option(names = "--exact", description = "Count rows instead of estimating them.")
    private boolean exact;

    @Option(
            names = "--count-timeout",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "Longest time one exact count may take, at most 1h. Default: 30s.")
    private Duration countTimeout;

    @Option(
            names = "--probe",
            description = "Measure costs by deleting up to 200 rows a step in a transaction that is rolled back.")
    private boolean probe;

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            converter = Durations.Converter.class,
            description = "How long the plan may be executed, at most 7d. Default: 1h.")
    private Duration timeToLive;

    @Option(names = "--show", paramLabel = "PLAN", description = "Show an earlier plan again instead of making one.")
    private String show;

    @Option(names = "--sql", description = "Show the statements, too.")
    private boolean sql;

    @Option(names = "--brief", description = "Show sums by policy instead of steps, and warnings without remedies.")
    private boolean brief;

    @Mixin
    private RequiredBackup backup;

    @Mixin
    private MutationOptions mutation;

    public PlanCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (brief && sql) {
            throw CommandFailure.usage("--brief leaves out what --sql asks for");
        }
        Plan plan = show == null ? make() : read();
        session.printer().one(plan, page -> {
            if (brief) {
                new PlanBrief(plan, session.environment().clock(), page).show();
            } else {
                new PlanView(plan, session.environment().clock(), page).show(sql);
            }
        });
    }

    private Plan read() {
        if (!policies.isEmpty()
                || !target.isEmpty()
                || exact
                || probe
                || countTimeout != null
                || timeToLive != null
                || backup.toProto().isPresent()) {
            throw CommandFailure.usage("--show reads a plan as it is; it goes with --sql and --brief only");
        }
        GetPlanRequest request = GetPlanRequest.newBuilder().setPlanId(show).build();
        return session.connection().maintenance().getPlan(request).getPlan();
    }

    private Plan make() {
        if (policies.isEmpty() && target.isEmpty()) {
            throw CommandFailure.usage("name policies, or a target with --target to plan all of its policies");
        }
        if (countTimeout != null && !exact) {
            throw CommandFailure.usage("--count-timeout goes with --exact");
        }
        String of = target;
        List<String> names = new ArrayList<>();
        for (String policy : policies) {
            PolicyName named = PolicyName.of(policy, of);
            of = named.target();
            names.add(named.name());
        }
        PlanCleanupRequest.Builder request = PlanCleanupRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .addAllPolicies(names)
                .setTarget(of)
                .setExact(exact)
                .setProbe(probe);
        if (countTimeout != null) {
            request.setCountTimeout(Durations.toProto(countTimeout));
        }
        if (timeToLive != null) {
            request.setTimeToLive(Durations.toProto(timeToLive));
        }
        backup.toProto().ifPresent(request::setRequireBackup);
        return session.connection()
                .usuallyWithin(USUAL_LIMIT)
                .maintenance()
                .planCleanup(request.build())
                .getPlan();
    }
}
