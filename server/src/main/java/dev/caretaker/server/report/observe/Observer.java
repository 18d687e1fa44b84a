package dev.caretaker.server.report.observe;

import dev.caretaker.server.config.GrowthConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.report.observe.Observation.Look;
import dev.caretaker.server.report.observe.Observation.Statements;
import dev.caretaker.server.run.RunObserver;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the tables of runs when they begin and when they have ended. What it cannot see it says, and it stops no run. */
@Singleton
final class Observer implements RunObserver {
    private static final Logger LOG = LoggerFactory.getLogger(Observer.class);
    private static final int MOST_TABLES = 20;
    private static final Duration DAY = Duration.ofDays(1);
    /** A run that waits for a lock begins again and again. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final ObservationStore store;
    private final Targets targets;
    private final GrowthConfig config;
    private final Clock clock;
    private final LooksUnderWay looks;

    Observer(ObservationStore store, Targets targets, GrowthConfig config, Clock clock, LooksUnderWay looks) {
        this.looks = looks;
        this.store = store;
        this.targets = targets;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<Void> begins(UUID runId, String target, List<TableName> tables) {
        if (!config.observesRuns() || tables.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().name("look-" + runId).start(() -> {
            try {
                before(runId, target, tables, done);
            } catch (RuntimeException e) {
                LOG.info("run {}: what was before it is not known: {}", runId, e.toString());
            } finally {
                done.complete(null);
            }
        });
        return done;
    }

    private void before(UUID runId, String target, List<TableName> tables, CompletableFuture<Void> done) {
        Instant now = now();
        boolean fresh = store.find(runId)
                .flatMap(kept -> kept.observation().before())
                .filter(look -> look.at().plus(FRESH).isAfter(now))
                .isPresent();
        if (fresh) {
            return;
        }
        List<TableName> some = tables.stream().limit(MOST_TABLES).toList();
        Optional<Look> look = Optional.of(look(target, some));
        if (done.isCancelled()) {
            LOG.info("run {}: what was before it is not known: the look took longer than the run waits", runId);
            return;
        }
        store.begin(
                runId,
                target,
                new Observation(some, tables.size() - some.size(), look, Optional.empty(), Optional.empty()));
    }

    @Override
    public void ends(UUID runId, String target) {
        if (config.observesRuns()) {
            looks.begin(runId, () -> after(runId, target));
        }
    }

    private void after(UUID runId, String target) {
        try {
            Optional<Observation> begun = store.find(runId).map(ObservationStore.Kept::observation);
            if (begun.isPresent()) {
                store.ended(runId, look(target, begun.get().tables()), DAY);
            }
        } catch (RuntimeException e) {
            LOG.info("run {}: what is after it is not known: {}", runId, e.toString());
        }
    }

    private Look look(String target, List<TableName> tables) {
        try {
            return new TableLooks(targets.get(target), tables).look(now(), true);
        } catch (CaretakerException e) {
            if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE) {
                throw e;
            }
            return failed(now(), e);
        }
    }

    static Look failed(Instant at, CaretakerException e) {
        return new Look(at, e.getMessage(), List.of(), Statements.none("the target could not be looked at"));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
