package dev.caretaker.server.target;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Whose turn it is to take one of our places at a server. Who finds all of them taken waits in the order of arrival, and idle
 * connections are closed for them. Half of the places at most are for {@link PlaceUse#WORK}, so that who works always finds
 * one to be watched from.
 */
final class Turns {
    private final String server;
    private final ServerShare share;
    private final BooleanSupplier closeOneIdle;
    private final Duration lookAgain;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Condition> queue = new ArrayDeque<>();
    private int taken;
    private int working;

    /**
     * @param server host and port, for messages
     * @param share how many places there are
     * @param closeOneIdle closes a connection that nobody uses, which gives its place back; false if there is none
     * @param lookAgain how often one that waits looks whether the limit is another by now; all else it is told
     */
    Turns(String server, ServerShare share, BooleanSupplier closeOneIdle, Duration lookAgain) {
        this.server = server;
        this.share = share;
        this.closeOneIdle = closeOneIdle;
        this.lookAgain = lookAgain;
    }

    /**
     * Takes a place, and waits for it.
     *
     * @param giveUp when to wait no longer, by System.nanoTime
     * @throws CaretakerException TARGET_UNREACHABLE if there was none in time
     */
    Place take(PlaceUse use, long giveUp) {
        lock.lock();
        try {
            if (queue.isEmpty() && hasRoom(use)) {
                return new Place(use);
            }
            if (use == PlaceUse.SPARE) {
                throw full();
            }
            Condition turn = lock.newCondition();
            queue.addLast(turn);
            try {
                awaitTurn(use, turn, giveUp);
                return new Place(use);
            } finally {
                queue.remove(turn);
                wake();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes a place that nobody else wants, if there is one. */
    Optional<Place> takeSpare() {
        lock.lock();
        try {
            return queue.isEmpty() && hasRoom(PlaceUse.SPARE)
                    ? Optional.of(new Place(PlaceUse.SPARE))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Those that may not work yet let those pass that only ask something. */
    private void awaitTurn(PlaceUse use, Condition turn, long giveUp) {
        while (!(hasRoom(use) && isFirst(use, turn))) {
            if (taken >= share.limit() && closeOneIdle()) {
                continue;
            }
            long left = giveUp - System.nanoTime();
            if (left <= 0) {
                throw full();
            }
            await(turn, Math.min(left, lookAgain.toNanos()));
        }
    }

    private boolean isFirst(PlaceUse use, Condition turn) {
        return queue.peekFirst() == turn || (use != PlaceUse.WORK && !hasRoom(PlaceUse.WORK));
    }

    /** Without the lock, which whoever keeps an idle one may be waiting for. */
    private boolean closeOneIdle() {
        lock.unlock();
        try {
            return closeOneIdle.getAsBoolean();
        } finally {
            lock.lock();
        }
    }

    private boolean hasRoom(PlaceUse use) {
        int limit = share.limit();
        return switch (use) {
            case WORK -> taken < limit && mayWork(limit);
            case SHORT, WATCH -> taken < limit;
            case SPARE -> taken + 1 < limit;
        };
    }

    private boolean mayWork(int limit) {
        return working < (limit + 1) / 2;
    }

    /** Something may be free for those that wait. */
    void tell() {
        lock.lock();
        try {
            wake();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        queue.forEach(Condition::signal);
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

    /** Places that are taken now. */
    int taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void count(PlaceUse use, int change) {
        taken += change;
        working += use == PlaceUse.WORK ? change : 0;
    }

    /** A place that is taken. */
    final class Place {
        private PlaceUse use;
        private boolean isTaken = true;

        private Place(PlaceUse use) {
            this.use = use;
            count(use, 1);
        }

        /** From now on it is for that; false if there is no room, or others wait for it. */
        boolean becomes(PlaceUse next) {
            lock.lock();
            try {
                boolean free = next != PlaceUse.WORK || (queue.isEmpty() && mayWork(share.limit()));
                if (free) {
                    count(use, -1);
                    use = next;
                    count(use, 1);
                    wake();
                }
                return free;
            } finally {
                lock.unlock();
            }
        }

        void giveBack() {
            lock.lock();
            try {
                if (isTaken) {
                    isTaken = false;
                    count(use, -1);
                    wake();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private static void await(Condition turn, long nanos) {
        try {
            turn.awaitNanos(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ServerPlaces.interrupted();
        }
    }

    private CaretakerException full() {
        int limit = share.limit();
        return CaretakerException.of(
                Reason.TARGET_UNREACHABLE,
                "No connection to " + server + " became free in time: Caretaker may have " + limit + " there at a time"
                        + " (connections-per-server).",
                Map.of("server", server, "limit", Integer.toString(limit)));
    }
}
