package dev.caretaker.server.routine;

import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.config.RoutineConfig;
import dev.caretaker.server.config.RoutineConfig.Part;
import dev.caretaker.server.config.RoutinesConfig;
import dev.caretaker.server.config.RoutinesReader;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Runs several kinds of upkeep as one: a run whose steps are the routine's parts, each of which starts a run of its own. */
@Singleton
public class Routines {
    /** Is always there. */
    private static final String STANDARD = "standard";

    private final RoutinesConfig config;
    private final Policies policies;
    private final Targets targets;
    private final Runs runs;

    Routines(RoutinesConfig config, Policies policies, Targets targets, Runs runs) {
        this.config = config;
        this.policies = policies;
        this.targets = targets;
        this.runs = runs;
    }

    /**
     * Which routine to run.
     *
     * @param deadline longest time it may take from when it first works; empty: the routine's own
     * @param ignoreWindow whether it may work outside of its window, and its cleanups outside of their policies'
     */
    public record Order(
            String target, String routine, Optional<Duration> deadline, boolean ignoreWindow, Actor actor) {}

    /** A step as it would be. */
    public record Planned(String kind, TableName relation, String policy) {}

    /** All that are configured, by name. */
    public List<RoutineConfig> list() {
        return config.byName().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The parts of a routine at a target, in order. Fails with ROUTINE_NOT_FOUND or TARGET_NOT_FOUND. */
    public List<Planned> parts(Order order) {
        return steps(order, routine(order.routine())).stream()
                .map(step -> new Planned(step.kind(), step.relation(), step.policy()))
                .toList();
    }

    /** Starts it and returns at once. Fails with ROUTINE_NOT_FOUND or TARGET_NOT_FOUND. */
    public RunView start(UUID runId, Order order) {
        return start(runId, order, routine(order.routine()));
    }

    private RunView start(UUID runId, Order order, RoutineConfig routine) {
        Target target = targets.get(order.target());
        return runs.start(
                runId,
                new RunRequest(
                        RunKind.ROUTINE,
                        target.name(),
                        order.actor(),
                        Optional.empty(),
                        Optional.empty(),
                        steps(order, routine),
                        target.tuning(),
                        Optional.of(order.deadline().orElse(routine.deadline())),
                        order.ignoreWindow() ? Optional.empty() : PartOrders.window(routine),
                        RowLimits.NONE));
    }

    /** Starts a run that does nothing but run the checks, and returns at once. Fails with TARGET_NOT_FOUND. */
    public RunView detect(UUID runId, String target, Optional<Duration> deadline, Actor actor) {
        RoutineConfig checks = routine(STANDARD).only(RoutinesReader.name(Part.DETECT), Part.DETECT);
        return start(runId, new Order(target, checks.name(), deadline, false, actor), checks);
    }

    /** Starts a run that does nothing but write a report, and returns at once. Fails with TARGET_NOT_FOUND. */
    public RunView report(
            UUID runId, String target, RoutineConfig.Report report, Optional<Duration> deadline, Actor actor) {
        RoutineConfig writing = routine(STANDARD).only(RoutinesReader.name(Part.REPORT), Part.REPORT);
        return start(runId, new Order(target, writing.name(), deadline, false, actor), writing.with(report));
    }

    private List<StepSpec> steps(Order order, RoutineConfig routine) {
        String target = targets.get(order.target()).name();
        List<StepSpec> steps = new ArrayList<>();
        for (Part part : routine.parts()) {
            if (part == Part.CLEANUP) {
                for (StoredPolicy stored : policies.ofTarget(target)) {
                    steps.add(step(part, routine, Optional.of(stored.policy()), order));
                }
            } else {
                steps.add(step(part, routine, Optional.empty(), order));
            }
        }
        return steps;
    }

    private static StepSpec step(Part part, RoutineConfig routine, Optional<Policy> policy, Order order) {
        return new StepSpec(
                PartRequest.STEP_KIND,
                policy.map(Policy::table).orElse(new TableName("", RoutinesReader.name(part))),
                policy.map(Policy::name).orElse(""),
                0,
                new PartRequest(part, routine, policy.map(Policy::name), order.ignoreWindow(), order.actor()));
    }

    private RoutineConfig routine(String name) {
        RoutineConfig routine = config.byName().get(name);
        if (routine == null) {
            throw CaretakerException.of(
                    Reason.ROUTINE_NOT_FOUND,
                    "No routine is named \"" + name + "\"; there are "
                            + String.join(", ", config.byName().keySet()) + ".",
                    Map.of("routine", name));
        }
        return routine;
    }
}
