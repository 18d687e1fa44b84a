package dev.caretaker.server.backup;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.run.job.Gate;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Target;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Several sessions that work a list of things, each taking the next one: the one that is there, and as many more as the target's
 * connection bound has room for. The first failure ends all.
 */
public final class Crew<T> {
    private final Target target;
    private final String name;
    private final Gate gate;
    private final Queue<T> left;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /** @param name application_name of the sessions */
    public Crew(Target target, String name, Gate gate, List<T> things) {
        this.target = target;
        this.name = name;
        this.gate = gate;
        this.left = new ConcurrentLinkedQueue<>(things);
    }

    /** Does something in a session. */
    @FunctionalInterface
    public interface Work<T> {
        void on(Session session, T thing) throws SQLException, IOException;
    }

    /** Makes a session ready. */
    @FunctionalInterface
    public interface Ready {
        void make(Session session) throws SQLException;
    }

    /**
     * Works all, and returns when that is done.
     *
     * @param own session of the caller, which is ready
     * @param sessions how many at most, with that one
     */
    public void work(Session own, int sessions, Ready ready, Work<T> work) throws SQLException, IOException {
        List<Thread> helpers = new ArrayList<>();
        int wanted = Math.min(sessions, left.size()) - 1;
        for (int i = 0; i < wanted; i++) {
            Optional<Session> helper = helper();
            if (helper.isEmpty()) {
                break;
            }
            helpers.add(Thread.ofVirtual().name(name + "-" + i).start(() -> help(helper.get(), ready, work)));
        }
        take(own, work);
        helpers.forEach(Crew::join);
        switch (failure.get()) {
            case null -> {}
            case SQLException e -> throw e;
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Exception e -> throw new IllegalStateException(e);
        }
    }

    private Optional<Session> helper() {
        try {
            return Optional.of(target.openHelper(name));
        } catch (CaretakerException e) {
            return Optional.empty(); // no connection to spare
        }
    }

    private void help(Session session, Ready ready, Work<T> work) {
        try (Gate.Registration _ = watched(gate, session)) {
            ready.make(session);
            take(session, work);
        } catch (SQLException e) {
            failed(e);
        } finally {
            session.closeQuietly();
        }
    }

    /** Has the statement of a session end when the run does. */
    public static Gate.Registration watched(Gate gate, Session session) {
        return gate.onEnd(() -> {
            try {
                session.cancelStatement();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void take(Session session, Work<T> work) {
        try {
            for (T next = left.poll(); next != null && failure.get() == null; next = left.poll()) {
                gate.pass();
                work.on(session, next);
            }
        } catch (SQLException | IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void failed(Exception e) {
        failure.compareAndSet(null, e);
        left.clear();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
