package dev.caretaker.bench;

import dev.caretaker.v1.ApplyPoliciesRequest;
import dev.caretaker.v1.Comparison;
import dev.caretaker.v1.ComparisonOperator;
import dev.caretaker.v1.ExecuteCleanupRequest;
import dev.caretaker.v1.ExecuteCleanupResponse;
import dev.caretaker.v1.Filter;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.Mechanism;
import dev.caretaker.v1.Pace;
import dev.caretaker.v1.Plan;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.PlanStep;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.PolicyAction;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.Retention;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TimeColumn;
import dev.caretaker.v1.TimeColumnKind;
import dev.caretaker.v1.Tuning;
import dev.caretaker.v1.Value;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Caretaker, by gRPC, with its default settings but for the length of batches; they throttle nothing as long as nobody waits
 * for a lock. Timed from ExecuteCleanup to the run's last event; the plan is made before, as a user would.
 */
final class CaretakerContender implements Contender {
    private static final String ACTOR = "bench";

    private final CaretakerServer server;
    private final Duration batchTarget;
    private final Optional<BatchLog> log;
    private Runnable begins = () -> {};
    private Pace pace = Pace.PACE_UNSPECIFIED;
    private String name = "caretaker";
    private UnaryOperator<Policy.Builder> wish = UnaryOperator.identity();

    CaretakerContender(CaretakerServer server, Duration batchTarget, BatchLog log) {
        this(server, batchTarget, Optional.of(log));
    }

    /** @param log where the durations of batches are read; empty if nobody wants them */
    CaretakerContender(CaretakerServer server, Duration batchTarget, Optional<BatchLog> log) {
        this.server = server;
        this.batchTarget = batchTarget;
        this.log = log;
    }

    /** What is to happen when the plan is made and the work begins. */
    CaretakerContender whenItBegins(Runnable what) {
        begins = what;
        return this;
    }

    /** At another pace than the default. */
    CaretakerContender at(Pace other) {
        pace = other;
        return this;
    }

    /** With a policy that says more, under a name of its own. */
    CaretakerContender with(String otherName, UnaryOperator<Policy.Builder> more) {
        name = otherName;
        wish = more;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Work remove(BenchDatabase database, Scenario scenario) {
        try {
            Plan plan = plan(scenario);
            PlanStep step = plan.getSteps(0);
            if (!scenario.mechanisms().contains(step.getMechanism())) {
                throw new BenchException("scenario " + scenario.key() + " is to be done by " + scenario.mechanisms()
                        + " but the plan says " + step.getMechanism() + ": " + step.getReason());
            }
            // What planning left in the log does not count.
            log.ifPresent(BatchLog::read);
            begins.run();
            return execute(plan, step.getMechanism(), scenario.isSampled());
        } catch (StatusRuntimeException e) {
            throw new BenchException("Caretaker refuses: " + e.getStatus() + "\n" + server.lastLines(), e);
        }
    }

    private Plan plan(Scenario scenario) {
        PolicyServiceGrpc.newBlockingStub(server.channel())
                .applyPolicies(ApplyPoliciesRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setActor(ACTOR)
                        .addPolicies(wish.apply(policy(scenario)))
                        .build());
        return server.maintenance()
                .planCleanup(PlanCleanupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setActor(ACTOR)
                        .addPolicies(scenario.key())
                        .build())
                .getPlan();
    }

    private static Policy.Builder policy(Scenario scenario) {
        Policy.Builder policy = Policy.newBuilder()
                .setName(scenario.key())
                .setTarget(CaretakerServer.TARGET)
                .setTable(TableName.newBuilder().setSchema("public").setName(scenario.table()))
                .setTimeColumn(TimeColumn.newBuilder()
                        .setName(scenario.timeColumn())
                        .setKind(TimeColumnKind.TIME_COLUMN_KIND_TIMESTAMPTZ))
                .setRetention(Retention.newBuilder()
                        .setDuration(com.google.protobuf.Duration.newBuilder()
                                .setSeconds(scenario.olderThan().toSeconds())))
                .setAction(PolicyAction.POLICY_ACTION_DELETE)
                .setFollowUp(FollowUp.FOLLOW_UP_NEVER)
                .setAllowCascade(scenario == Scenario.CASCADE);
        if (scenario.script().isEmpty()) {
            policy.setFilter(Filter.newBuilder()
                    .setComparison(Comparison.newBuilder()
                            .setColumn("Status")
                            .setOperator(ComparisonOperator.COMPARISON_OPERATOR_EQUAL)
                            .setValue(Value.newBuilder().setInt64Value(scenario.status()))));
        }
        return policy;
    }

    private Work execute(Plan plan, Mechanism mechanism, boolean sampled) {
        RunFinished finished;
        Course course = Course.NONE;
        long start = System.nanoTime();
        Iterator<ExecuteCleanupResponse> answers = start(plan);
        String runId = answers.next().getEvent().getRunId();
        try (ProgressSampler sampler = sampled ? ProgressSampler.start(server, runId) : null) {
            finished = server.awaitComplete(answers, ExecuteCleanupResponse::getEvent);
            course = sampler == null ? course : sampler.course();
        }
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        return new Work(
                time,
                new Details(
                        mechanism.name().replace("MECHANISM_", ""),
                        finished.getTotals().getRowsDeleted(),
                        log.map(BatchLog::read).orElse(List.of()),
                        course));
    }

    private Iterator<ExecuteCleanupResponse> start(Plan plan) {
        return server.maintenance()
                .executeCleanup(ExecuteCleanupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setPlanId(plan.getPlanId())
                        .setEtag(plan.getEtag())
                        .setActor(ACTOR)
                        .setTuning(Tuning.newBuilder()
                                .setPace(pace)
                                .setBatchTarget(com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(batchTarget.toSeconds())
                                        .setNanos(batchTarget.toNanosPart())))
                        .build());
    }
}
