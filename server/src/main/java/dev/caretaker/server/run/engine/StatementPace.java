package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.store.Pace;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Decides before each statement whether it is to give way to others, by the run's pace and by what they do at that moment. It
 * cannot be changed while the statement runs: PostgreSQL reads the cost settings of a VACUUM that an ordinary session runs no more
 * than once. So others that come later are only told of.
 */
final class StatementPace {
    /** Between two looks at sessions: longer than the look reaches back. */
    private static final Duration LOOKS = Duration.ofMillis(600);
    /** In which transaction ids are counted where sessions cannot be seen. */
    private static final Duration COUNT = Duration.ofMillis(200);

    private static final int SEEN = 3;

    private final StepScope scope;
    private boolean blindnessTold;
    private volatile Optional<StatementStep.Statement> unhindered = Optional.empty();
    private long sample;
    private int seen;

    StatementPace(StepScope scope) {
        this.scope = scope;
    }

    /** The settings under which the statement is to run; none if it is to run as it is. */
    <M extends Record> Map<String, String> begin(
            Session session, StatementStep<M> step, StatementStep.Statement statement) throws SQLException {
        unhindered = Optional.empty();
        Pace pace = scope.control().tuning().pace();
        StatementStep.Gentle gentle = pace == Pace.FAST ? StatementStep.Gentle.NOT : step.gentle(session, statement);
        if (gentle.settings().isEmpty() || pace == Pace.POLITE) {
            return gentle.settings();
        }
        Optional<Throttle.Brake> reason = reason(session, gentle.delay());
        if (reason.isEmpty()) {
            seen = 0;
            unhindered = Optional.of(statement);
            return Map.of();
        }
        Throttle.Brake brake = reason.get();
        scope.lease().event(new RunEvent.Throttled(brake.signal(), brake.value(), brake.threshold(), brake.pause()));
        return gentle.settings();
    }

    private Optional<Throttle.Brake> reason(Session session, Duration delay) throws SQLException {
        Object[] own = {session.identity().pid()};
        Pressure first = look(session, own, 1);
        if (first.unflushedBytes() > Pacer.UNFLUSHED) {
            return Optional.of(
                    new Throttle.Brake(ThrottleSignal.REPLICATION_LAG, first.unflushedBytes(), Pacer.UNFLUSHED, delay));
        }
        boolean hidden = first.others().hidden();
        if (hidden && !blindnessTold) {
            blindnessTold = true;
            BatchBrake.tellBlind(scope);
        }
        if (!hidden && first.others().active() == 0) {
            return Optional.empty();
        }
        OthersAtWork others = new OthersAtWork();
        others.look(first);
        long before = nextId(session);
        long began = System.nanoTime();
        Waits.sleep(hidden ? COUNT : LOOKS);
        long used = nextId(session) - before;
        long now = System.nanoTime();
        others.batch(used, Duration.ofNanos(now - began), look(session, own, 2), now);
        return others.atWork()
                ? Optional.of(new Throttle.Brake(
                        ThrottleSignal.OTHERS_AT_WORK, others.perSecond(), OthersAtWork.AT_WORK, delay))
                : Optional.empty();
    }

    private Pressure look(Session session, Object[] own, long number) throws SQLException {
        return scope.target().asLogin(session, connection -> Pressure.read(connection, own, number));
    }

    private static long nextId(Session session) throws SQLException {
        return Sql.of("SELECT CAST(CAST(pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()) AS"
                        + " pg_catalog.text) AS bigint)")
                .one(session.connection(), row -> row.getLong(1));
    }

    /** While the statement runs, on the monitor's thread: tells once if others have come meanwhile. */
    void observe(Pressure pressure) {
        Optional<StatementStep.Statement> running = unhindered;
        if (running.isEmpty() || pressure.sample() == sample) {
            return;
        }
        sample = pressure.sample();
        seen = pressure.others().active() > 0 ? seen + 1 : 0;
        if (seen == SEEN) {
            unhindered = Optional.empty();
            scope.warn(
                    "PACE_IS_FIXED",
                    "Others are at work now, who were not when the statement began ("
                            + running.get().label()
                            + "). It goes on without giving way: its settings cannot be changed while it runs.",
                    Map.of("statement", running.get().label()));
        }
    }

    void end() {
        unhindered = Optional.empty();
    }
}
