package dev.caretaker.server.target;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * The connections of this process to one Postgres server, whatever the number of databases there: the places of a server are
 * its applications', not ours. {@link Turns} says who may have one. A pool of a library, such as HikariCP, is one of one
 * database and knows nothing of its neighbours, so that two hundred targets of one server would take it all.
 */
final class ServerPlaces {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final String TOO_MANY_CONNECTIONS = "53300";

    private final ServerShare share;
    private final Turns turns;
    private final List<Pool> pools = new CopyOnWriteArrayList<>();

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
        this.share = new ServerShare(server, configured, sharers);
        this.turns = new Turns(server, share, this::closeOneIdle, lookAgain);
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
        turns.tell();
    }

    /** Idle connections that were not used for that long are closed. */
    void closeIdle(Duration age) {
        pools.forEach(pool -> pool.closeIdle(age));
    }

    private boolean closeOneIdle() {
        Optional<Pool> idlest = pools.stream()
                .filter(pool -> pool.idleSince().isPresent())
                .min((one, other) -> Long.compare(
                        one.idleSince().orElse(Long.MAX_VALUE),
                        other.idleSince().orElse(Long.MAX_VALUE)));
        return idlest.map(Pool::closeOldest).orElse(false);
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
    Connection open(PlaceUse use, Opener opener) throws SQLException {
        long giveUp = use.giveUp();
        Turns.Place place = turns.take(use, giveUp);
        boolean opened = false;
        try {
            Connection connection = openAtLast(opener, giveUp);
            opened = true;
            return PlacedConnection.of(connection, place);
        } finally {
            if (!opened) {
                place.giveBack();
            }
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

    /**
     * Places for connections that a program of ours opens by itself: one, and as many more as there are to spare.
     *
     * @param most with that one
     * @throws CaretakerException TARGET_UNREACHABLE if there was none in time
     */
    Reserved reserve(int most) {
        List<Turns.Place> taken = new ArrayList<>();
        taken.add(turns.take(PlaceUse.SHORT, PlaceUse.SHORT.giveUp()));
        Optional<Turns.Place> spare;
        while (taken.size() < most && (spare = turns.takeSpare()).isPresent()) {
            taken.add(spare.get());
        }
        return new Reserved(List.copyOf(taken));
    }

    /** Places that are taken until it is closed. */
    static final class Reserved implements AutoCloseable {
        private final List<Turns.Place> places;

        private Reserved(List<Turns.Place> places) {
            this.places = places;
        }

        int size() {
            return places.size();
        }

        @Override
        public void close() {
            places.forEach(Turns.Place::giveBack);
        }
    }

    /** Whether somebody waits for a place. */
    boolean isWaitedFor() {
        return turns.isWaitedFor();
    }

    /** Connections that are open now. */
    int taken() {
        return turns.taken();
    }

    /** Connections that this process may have there now. */
    int limit() {
        return share.limit();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    static CaretakerException interrupted() {
        return CaretakerException.of(Reason.TARGET_UNREACHABLE, "Waiting for a connection was broken off.");
    }
}
