package dev.caretaker.server.report.observe;

import dev.caretaker.server.config.GrowthConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.report.observe.Observation.Look;
import dev.caretaker.server.report.observe.Observation.Statements;
import dev.caretaker.server.run.RunObserver;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Targets;
import dev.caretaker.server.target.WarmConnection;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
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
    /** A run that is about to begin waits for a statement of the look no longer than that. */
    private static final Duration WHILE_IT_WAITS = Duration.ofSeconds(1);
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
    public CompletableFuture<Void> begins(UUID runId, String target, List<TableName> tables, Connection connection) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        try {
            if (config.observesRuns() && !tables.isEmpty() && !isFresh(runId)) {
                Observation before = before(target, tables, connection);
                Thread.ofVirtual().name("look-" + runId).start(() -> write(runId, target, before, written));
                return written;
            }
        } catch (RuntimeException e) {
            LOG.info("run {}: what was before it is not known: {}", runId, e.toString());
        }
        written.complete(null);
        return written;
    }

    private boolean isFresh(UUID runId) {
        Instant now = now();
        return store.find(runId)
                .flatMap(kept -> kept.observation().before())
                .filter(look -> look.at().plus(FRESH).isAfter(now))
                .isPresent();
    }

    private Observation before(String target, List<TableName> tables, Connection connection) {
        List<TableName> some = tables.stream().limit(MOST_TABLES).toList();
        Look look;
        try {
            look = new TableLooks(some, WHILE_IT_WAITS).look(connection, now(), true);
        } catch (SQLException e) {
            look = failed(now(), PostgresErrors.translate(target, e));
        }
        return new Observation(
                some, tables.size() - some.size(), Optional.of(look), Optional.empty(), Optional.empty());
    }

    private void write(UUID runId, String target, Observation before, CompletableFuture<Void> written) {
        try {
            store.begin(runId, target, before);
        } catch (RuntimeException e) {
            LOG.info("run {}: what was before it is not known: {}", runId, e.toString());
        } finally {
            written.complete(null);
        }
    }

    @Override
    public void ends(UUID runId, String target, Optional<WarmConnection> connection) {
        if (config.observesRuns()) {
            looks.begin(runId, () -> after(runId, target, connection));
        } else {
            connection.ifPresent(WarmConnection::close);
        }
    }

    private void after(UUID runId, String target, Optional<WarmConnection> connection) {
        try {
            Optional<Observation> begun = store.find(runId).map(ObservationStore.Kept::observation);
            if (begun.isPresent()) {
                store.ended(runId, after(target, begun.get().tables(), connection), DAY);
            }
        } catch (RuntimeException e) {
            LOG.info("run {}: what is after it is not known: {}", runId, e.toString());
        } finally {
            connection.ifPresent(WarmConnection::close);
        }
    }

    private Look after(String target, List<TableName> tables, Optional<WarmConnection> connection) {
        TableLooks looks = new TableLooks(tables, TableLooks.LONGEST);
        try {
            return connection.isPresent()
                    ? connection.get().with(warm -> looks.look(warm, now(), true))
                    : looks.look(targets.get(target), now(), true);
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
