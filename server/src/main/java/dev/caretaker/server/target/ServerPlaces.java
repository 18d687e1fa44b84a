package dev.caretaker.server.target;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * The connections of this process to one Postgres server, whatever the number of databases there: the places of a server are
 * its applications', not ours. Who finds all of ours taken waits in the order of arrival, and idle ones of other databases
 * are closed for them. A pool of a library, such as HikariCP, is one of one database and knows nothing of its neighbours, so
 * that two hundred targets of one server would take it all.
 *
 * <p>Half of the places at most are for {@link Use#WORK}, so that who works always finds one to be watched from.
 */
final class ServerPlaces {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final String TOO_MANY_CONNECTIONS = "53300";

    private final String server;
    private final ServerShare share;
    private final Duration lookAgain;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Condition> queue = new ArrayDeque<>();
    private final List<Pool> pools = new CopyOnWriteArrayList<>();
    private int open;
    private int working;

    /**
     * @param server host and port, for messages
     * @param configured most connections of all Caretaker servers; 0 for a share of what the server allows
     * @param sharers how many Caretaker servers there are, this one included
     */
    ServerPlaces(String server, int configured, IntSupplier sharers) {
        this(server, configured, sharers, LOOK_AGAIN);
    }

    /** @param lookAgain how often one that waits looks whether the limit is another by now; all else it is told */
    ServerPlaces(String server, int configured, IntSupplier sharers, Duration lookAgain) {
        this.server = server;
        this.share = new ServerShare(server, configured, sharers);
        this.lookAgain = lookAgain;
    }

    /** What a connection is for. */
    enum Use {
        /** Work of its own; waits for its turn. */
        WORK(PATIENCE),
        /** A short question, or watching; waits for its turn. */
        SHORT(PATIENCE),
        /** Watches work: better blind for a second than held up. */
        WATCH(Duration.ofSeconds(2)),
        /** Helps a session that works: not at the cost of anybody else. */
        SPARE(Duration.ZERO);

        private final Duration patience;

        Use(Duration patience) {
            this.patience = patience;
        }
    }

    /** Opens a connection. */
    @FunctionalInterface
    interface Opener {
        Connection open() throws SQLException;
    }

    void add(Pool pool) {
        pools.add(pool);
    }

    /** A pool keeps one that nobody uses: who waits may have it closed. */
    void oneIsIdle() {
        lock.lock();
        try {
            next();
        } finally {
            lock.unlock();
        }
    }

    /** Idle connections that were not used for that long are closed. */
    void closeIdle(Duration age) {
        pools.forEach(pool -> pool.closeIdle(age));
    }

    /**
     * What the server allows was read.
     *
     * @param usable connections that roles without privileges may have
     */
    void learn(int usable) {
        share.learn(usable);
    }

    /**
     * Opens a connection when there is a place for it. It is given back when the connection is closed.
     *
     * @throws CaretakerException TARGET_UNREACHABLE if there was none in time
     */
    Connection open(Use use, Opener opener) throws SQLException {
        long giveUp = System.nanoTime() + use.patience.toNanos();
        take(use, giveUp);
        boolean opened = false;
        try {
            Connection connection = openAtLast(opener, giveUp);
            opened = true;
            return PlacedConnection.of(connection, new Place(use));
        } finally {
            if (!opened) {
                new Place(use).giveBack();
            }
        }
    }

    /**
     * Places for connections that a program of ours opens by itself: one, and as many more as there are to spare.
     *
     * @param most with that one
     * @throws CaretakerException TARGET_UNREACHABLE if there was none in time
     */
    Reserved reserve(int most) {
        List<Place> taken = new ArrayList<>();
        take(Use.SHORT, System.nanoTime() + Use.SHORT.patience.toNanos());
        taken.add(new Place(Use.SHORT));
        while (taken.size() < most && takeSpare()) {
            taken.add(new Place(Use.SPARE));
        }
        return new Reserved(List.copyOf(taken));
    }

    private boolean takeSpare() {
        lock.lock();
        try {
            boolean free = queue.isEmpty() && hasRoom(Use.SPARE);
            if (free) {
                count(Use.SPARE, 1);
            }
            return free;
        } finally {
            lock.unlock();
        }
    }

    /** Places that are taken until it is closed. */
    static final class Reserved implements AutoCloseable {
        private final List<Place> places;

        private Reserved(List<Place> places) {
            this.places = places;
        }

        int size() {
            return places.size();
        }

        @Override
        public void close() {
            places.forEach(Place::giveBack);
        }
    }

    /** Waits for others than us to leave, if the server itself is full. */
    private Connection openAtLast(Opener opener, long giveUp) throws SQLException {
        while (true) {
            try {
                return opener.open();
            } catch (SQLException e) {
                boolean full = TOO_MANY_CONNECTIONS.equals(e.getSQLState());
                if (!full || System.nanoTime() > giveUp) {
                    throw e;
                }
                closeIdle(Duration.ZERO);
                pause();
            }
        }
    }

    private void take(Use use, long giveUp) {
        lock.lock();
        try {
            if (queue.isEmpty() && hasRoom(use)) {
                count(use, 1);
                return;
            }
            if (use == Use.SPARE) {
                throw full();
            }
            Condition turn = lock.newCondition();
            queue.addLast(turn);
            try {
                awaitTurn(use, turn, giveUp);
                count(use, 1);
            } finally {
                queue.remove(turn);
                next();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Those that may not work yet let those pass that only ask something. */
    private void awaitTurn(Use use, Condition turn, long giveUp) {
        while (!(hasRoom(use) && isFirst(use, turn))) {
            if (open >= limit() && closeOneIdle()) {
                continue;
            }
            long left = giveUp - System.nanoTime();
            if (left <= 0) {
                throw full();
            }
            await(turn, Math.min(left, lookAgain.toNanos()));
        }
    }

    private boolean isFirst(Use use, Condition turn) {
        return queue.peekFirst() == turn || (use != Use.WORK && !hasRoom(Use.WORK));
    }

    /** Closing one gives its place back: without the lock, which whoever keeps an idle one may be waiting for. */
    private boolean closeOneIdle() {
        lock.unlock();
        try {
            Optional<Pool> idlest = pools.stream()
                    .filter(pool -> pool.idleSince().isPresent())
                    .min((one, other) -> Long.compare(
                            one.idleSince().orElse(Long.MAX_VALUE),
                            other.idleSince().orElse(Long.MAX_VALUE)));
            return idlest.map(Pool::closeOldest).orElse(false);
        } finally {
            lock.lock();
        }
    }

    private boolean hasRoom(Use use) {
        int limit = limit();
        return switch (use) {
            case WORK -> open < limit && working < (limit + 1) / 2;
            case SHORT, WATCH -> open < limit;
            case SPARE -> open + 1 < limit;
        };
    }

    /** Whether somebody waits for a place. */
    boolean isWaitedFor() {
        lock.lock();
        try {
            return !queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Connections that are open now. */
    int taken() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** Connections that this process may have there now. */
    int limit() {
        return share.limit();
    }

    private void count(Use use, int change) {
        open += change;
        working += use == Use.WORK ? change : 0;
    }

    /** A place that is taken. */
    final class Place {
        private Use use;
        private boolean taken = true;

        private Place(Use use) {
            this.use = use;
        }

        /** From now on it is for that; false if there is no room, or others wait for it. */
        boolean becomes(Use next) {
            lock.lock();
            try {
                boolean free = next != Use.WORK || (queue.isEmpty() && working < (limit() + 1) / 2);
                if (free) {
                    count(use, -1);
                    use = next;
                    count(use, 1);
                    next();
                }
                return free;
            } finally {
                lock.unlock();
            }
        }

        void giveBack() {
            lock.lock();
            try {
                if (taken) {
                    taken = false;
                    count(use, -1);
                    next();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void next() {
        queue.forEach(Condition::signal);
    }

    private static void await(Condition turn, long nanos) {
        try {
            turn.awaitNanos(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    private static CaretakerException interrupted() {
        return CaretakerException.of(Reason.TARGET_UNREACHABLE, "Waiting for a connection was broken off.");
    }

    private CaretakerException full() {
        int limit = limit();
        return CaretakerException.of(
                Reason.TARGET_UNREACHABLE,
                "No connection to " + server + " became free in time: Caretaker may have " + limit + " there at a time"
                        + " (connections-per-server).",
                Map.of("server", server, "limit", Integer.toString(limit)));
    }
}
