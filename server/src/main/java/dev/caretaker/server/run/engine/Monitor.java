package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.RunSignals;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Target;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches beside a working session, on a thread and an observer session of its own: whether the run is to stop, so that a
 * statement in flight can be cancelled, and what the work does to others, so that reading it costs nothing per batch.
 */
final class Monitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
    static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(1);

    private final Control control;
    private final Supplier<Optional<RunSignals>> signals;
    private final Target target;
    private final Watched watched;
    private final Duration interval;
    private final Thread thread;
    private final Object flight = new Object();
    private final Set<Session> flying = new HashSet<>();
    private final Set<Session> working = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile Pressure pressure = Pressure.NONE;
    private Session observer;
    private long samples;
    /** The latest sample failed, and that was told. */
    private boolean blind;

    /** What a kind of work wants of the monitor; called on the monitor's thread. */
    interface Watched {
        /** Whether to break off what runs now. */
        boolean breakOff(Pressure pressure);

        /** How often to look at what the work does to others; never less often than once a second. */
        default Duration sampleInterval() {
            return SAMPLE_INTERVAL;
        }

        /** With every sample, while something runs. */
        default void observe(Session observer) throws SQLException {}
    }

    Monitor(
            Control control,
            Supplier<Optional<RunSignals>> signals,
            Target target,
            Session session,
            Watched watched,
            Duration interval) {
        this.control = control;
        this.signals = signals;
        this.target = target;
        this.working.add(session);
        this.watched = watched;
        this.interval = interval;
        this.thread = Thread.ofVirtual().name("monitor").unstarted(this::watch);
    }

    Monitor start() {
        thread.start();
        return this;
    }

    /**
     * From now on that session's statement may be cancelled, and what it does to others counts. It is the watched one, or one
     * that helps it.
     */
    void takeOff(Session session) {
        working.add(session);
        synchronized (flight) {
            flying.add(session);
        }
    }

    /** From now on it may not. */
    void land(Session session) {
        synchronized (flight) {
            flying.remove(session);
        }
    }

    /** A look at what others do, taken by the session itself before it works. */
    Pressure first(Session session) throws SQLException {
        samples = 1;
        Object[] own = {session.identity().pid()};
        pressure = target.asLogin(session, connection -> Pressure.read(connection, own, samples));
        return pressure;
    }

    /** As of the latest look, at most about a second old. */
    Pressure pressure() {
        return pressure;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread); // an interrupt would close the socket it may be reading from
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        long sampledAt = System.nanoTime();
        long lookedAt = sampledAt;
        try {
            while (!closed) {
                LockSupport.parkNanos(Math.min(interval.toNanos(), sampleInterval()));
                if (closed) {
                    break;
                }
                if (System.nanoTime() - lookedAt >= interval.toNanos()) {
                    look();
                    lookedAt = System.nanoTime();
                }
                if (System.nanoTime() - sampledAt >= sampleInterval()) {
                    sample();
                    sampledAt = System.nanoTime();
                }
                breakOff();
            }
        } finally {
            closeObserver();
        }
    }

    private long sampleInterval() {
        return Math.min(SAMPLE_INTERVAL.toNanos(), watched.sampleInterval().toNanos());
    }

    private void look() {
        try {
            signals.get().ifPresent(control::update);
        } catch (CaretakerException e) {
            LOG.debug("the control store does not answer; the next batch's journal will tell: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("what is asked of the run could not be read", e);
        }
    }

    private void breakOff() {
        synchronized (flight) {
            if (!flying.isEmpty() && (control.isLost() || watched.breakOff(pressure))) {
                flying.forEach(Monitor::cancelStatement);
            }
        }
    }

    private static void cancelStatement(Session session) {
        try {
            session.cancelStatement();
        } catch (SQLException e) {
            LOG.warn("cannot cancel a statement, trying again: {}", e.getMessage());
        }
    }

    private void sample() {
        try {
            if (observer == null) {
                observer = target.openObserver();
            }
            working.removeIf(Session::isClosed);
            Object[] pids =
                    working.stream().map(session -> session.identity().pid()).toArray();
            Pressure now = Pressure.read(observer.connection(), pids, samples + 1);
            samples = now.sample();
            pressure = now;
            blind = false;
            watched.observe(observer);
        } catch (SQLException | CaretakerException e) {
            if (!blind) {
                LOG.info("cannot look at target {} from beside: {}", target.name(), e.getMessage());
            }
            blind = true;
            closeObserver();
        } catch (LeaseLost e) {
            look(); // so that the loop learns it too
        } catch (RuntimeException e) {
            // Whoever watches must not stop: pauses and cancels are seen here.
            if (!blind) {
                LOG.warn("looking at target {} from beside failed", target.name(), e);
            }
            blind = true;
            closeObserver();
        }
    }

    private void closeObserver() {
        if (observer == null) {
            return;
        }
        try {
            observer.close();
        } catch (SQLException e) {
            LOG.debug("closing an observer failed: {}", e.getMessage());
        }
        observer = null;
    }
}
