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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the tables of runs when they begin and when they have ended. What it cannot see it says so, and stops no run. */
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

    Observer(ObservationStore store, Targets targets, GrowthConfig config, Clock clock) {
        this.store = store;
        this.targets = targets;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public void begins(UUID runId, String target, List<TableName> tables) {
        if (!config.observesRuns() || tables.isEmpty()) {
            return;
        }
        try {
            Instant now = now();
            boolean fresh = store.find(runId)
                    .flatMap(kept -> kept.observation().before())
                    .filter(look -> look.at().plus(FRESH).isAfter(now))
                    .isPresent();
            if (!fresh) {
                List<TableName> some = tables.stream().limit(MOST_TABLES).toList();
                store.begin(
                        runId,
                        target,
                        new Observation(
                                some,
                                tables.size() - some.size(),
                                Optional.of(look(target, some)),
                                Optional.empty(),
                                Optional.empty()));
            }
        } catch (RuntimeException e) {
            LOG.info("run {}: what was before it is not known: {}", runId, e.toString());
        }
    }

    @Override
    public void ends(UUID runId, String target) {
        if (!config.observesRuns()) {
            return;
        }
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
