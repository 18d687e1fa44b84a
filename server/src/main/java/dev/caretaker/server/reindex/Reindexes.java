package dev.caretaker.server.reindex;

import dev.caretaker.server.run.RunRequest;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.run.StepSpec;
import dev.caretaker.server.store.IndexRebuildStore;
import dev.caretaker.server.store.RowLimits;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Scope;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Rebuilds indexes that are named, or bloated. */
@Singleton
public class Reindexes {
    private final Targets targets;
    private final IndexRebuildStore rebuilds;
    private final Runs runs;
    private final Clock clock;

    Reindexes(Targets targets, IndexRebuildStore rebuilds, Runs runs, Clock clock) {
        this.targets = targets;
        this.rebuilds = rebuilds;
        this.runs = runs;
        this.clock = clock;
    }

    /**
     * Says what would be rebuilt, in which order and why; of what was named, also why not. Changes nothing.
     *
     * @throws dev.caretaker.server.error.CaretakerException INVALID_FIELD (unknown index or table), TARGET_NOT_FOUND,
     *     MISSING_PRIVILEGE (a named index), TARGET_UNREACHABLE
     */
    public List<ReindexRequest> select(ReindexOrder order) {
        Target target = targets.get(order.target());
        Map<TableName, Instant> rebuilt = rebuilds.since(
                target.name(), clock.instant().minus(order.worth().coolDown()));
        OptionalLong freeBytes = order.freeBytes().isPresent() ? order.freeBytes() : target.freeDiskBytes();
        return target.withPrimary(connection -> {
            List<IndexFacts> all = IndexFacts.read(connection, target.actsAsOwner());
            List<IndexFacts> candidates = new Candidates(order, Scope.read(connection, target)::holds, all).find();
            Map<Long, Bloat> bloat = Bloat.estimated(connection, candidates);
            Set<Long> leftovers = Leftover.read(connection, OptionalLong.empty()).stream()
                    .map(Leftover::oid)
                    .collect(Collectors.toSet());
            // It sees what is measured, for it keeps the map.
            Choice choice = new Choice(order, leftovers, bloat, rebuilt, freeBytes);
            measure(connection, order, candidates, bloat, choice);
            return choice.among(candidates);
        });
    }

    /** Reads those indexes that the estimate would rebuild, where the server can: reading costs as much as the index is large. */
    private static void measure(
            Connection connection,
            ReindexOrder order,
            List<IndexFacts> candidates,
            Map<Long, Bloat> bloat,
            Choice byEstimate)
            throws SQLException {
        if (order.force()) {
            return;
        }
        for (IndexFacts index : candidates) {
            if (byEstimate.isWorthIt(index)) {
                Bloat.measured(connection, index).ifPresent(measured -> bloat.put(index.oid(), measured));
            }
        }
    }

    /**
     * Starts a run that does what {@link #select} says, and returns at once. With nothing to do, the run has no steps.
     *
     * @param runId id of the run
     */
    public RunView start(UUID runId, ReindexOrder order) {
        List<StepSpec> steps = select(order).stream()
                .map(request -> new StepSpec(ReindexRequest.STEP_KIND, request.index(), "", 0, request))
                .toList();
        Target target = targets.get(order.target());
        return runs.start(
                runId,
                new RunRequest(
                        RunKind.REINDEX,
                        target.name(),
                        order.terms().actor(),
                        Optional.empty(),
                        order.terms().parent(),
                        steps,
                        target.tuning().at(order.terms().pace()),
                        order.terms().deadline(),
                        order.terms().window(),
                        RowLimits.NONE));
    }
}
