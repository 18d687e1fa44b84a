package dev.caretaker.server.vacuum;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.NeededBackup;
import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.run.VacuumOptions.Verb;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.target.Capabilities;
import dev.caretaker.server.target.Scope;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Vacuums and analyzes what is named, or what needs it. */
@Singleton
public class Vacuums {
    private final Targets targets;
    private final Runs runs;
    private final Clock clock;

    Vacuums(Targets targets, Runs runs, Clock clock) {
        this.targets = targets;
        this.runs = runs;
        this.clock = clock;
    }

    /**
     * Says what would be done, to which tables, in which order and why. Changes nothing.
     *
     * @throws CaretakerException INVALID_FIELD (an unknown table), TARGET_NOT_FOUND, UNSUPPORTED_SERVER (an option that it
     *     lacks), UNSUPPORTED_RELATION (what REPACK cannot do), MISSING_PRIVILEGE (a named table), DISK_SPACE_UNKNOWN and
     *     DISK_SPACE_SHORT (rewrites), TARGET_UNREACHABLE
     */
    public List<VacuumRequest> select(VacuumOrder order) {
        Target target = targets.get(order.target());
        return target.withPrimary(connection -> {
            Capabilities server = Capabilities.of(connection);
            requireOptions(order, server);
            Scope scope = Scope.read(connection, target);
            List<TableActivity> tables = TableActivity.read(connection, target.actsAsOwner());
            List<VacuumRequest> chosen = new Selection(order, server, scope::holds, tables).requests();
            OptionalLong freeBytes = order.freeBytes().isPresent() ? order.freeBytes() : target.freeDiskBytes();
            return new Rewrites(connection, server, freeBytes).check(chosen);
        });
    }

    /**
     * Starts a run that does what {@link #select} says, and returns at once. With nothing to do, the run has no steps.
     *
     * @param runId id of the run
     */
    public RunView start(UUID runId, VacuumOrder order) {
        return start(runId, order, select(order));
    }

    /**
     * Starts a run that does what was selected shortly before, and returns at once. A table that is gone by then is skipped.
     *
     * @param selected what {@link #select} said for that order
     */
    public RunView start(UUID runId, VacuumOrder order, List<VacuumRequest> selected) {
        List<StepSpec> steps = selected.stream()
                .map(request -> new StepSpec(request.stepKind(), request.table(), "", 0, request))
                .toList();
        Target target = targets.get(order.target());
        return runs.start(
                runId,
                new RunRequest(
                                RunKind.VACUUM,
                                target.name(),
                                order.terms().actor(),
                                Optional.empty(),
                                order.terms().parent(),
                                steps,
                                target.tuning().at(order.terms().pace()),
                                order.terms().deadline(),
                                order.terms().window(),
                                RowLimits.NONE)
                        .needing(needed(order, selected)));
    }

    private static List<NeededBackup> needed(VacuumOrder order, List<VacuumRequest> selected) {
        return order
                .backup()
                .filter(_ -> !selected.isEmpty())
                .map(demand -> new NeededBackup(
                        selected.stream().map(VacuumRequest::table).toList(), demand))
                .stream()
                .toList();
    }

    private static void requireOptions(VacuumOrder order, Capabilities server) {
        if (order.options().bufferUsageLimitKb().isPresent() && !server.canLimitVacuumBuffers()) {
            throw lacks("BUFFER_USAGE_LIMIT", 16, server);
        }
        if (order.options().verb() == Verb.REPACK && !server.canRepackConcurrently()) {
            throw lacks("REPACK (CONCURRENTLY)", 19, server);
        }
    }

    private static CaretakerException lacks(String option, int since, Capabilities server) {
        return CaretakerException.of(
                Reason.UNSUPPORTED_SERVER,
                option + " needs PostgreSQL " + since + ", and this server is a " + server.major() + ".",
                Map.of("option", option));
    }
}
