package dev.caretaker.server.schedule.fire;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many looks at schedules go on at a time. One that lasts, as where a target does not answer, gives its place to another: it only
 * waits, and however many targets are away, schedules of the others are on time.
 */
final class LookPlaces {
    /** Looks at a time that do not last. None keeps a connection to the control store while it plans at a target. */
    static final int AT_ONCE = 8;
    /** Looks at all. */
    static final int MOST = 72;
    /** A look that took longer lasts: far longer than planning takes, far less than to find that nobody answers. */
    private static final Duration LASTING = Duration.ofSeconds(2);

    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Set<Place> taken = ConcurrentHashMap.newKeySet();

    /** How many may be taken now, once those that last have given theirs. */
    int free() {
        taken.forEach(Place::giveIfLasting);
        return Math.max(0, Math.min(places.availablePermits(), MOST - taken.size()));
    }

    /** To be called no more often than {@link #free} said. */
    Place take() {
        places.acquireUninterruptibly();
        Place place = new Place();
        taken.add(place);
        return place;
    }

    /** Takes all places that those that last have not given; false if some are still taken when the time is up. */
    boolean takeAll(Duration limit) throws InterruptedException {
        return places.tryAcquire(AT_ONCE, limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Of somebody who does one look after the other. */
    final class Place implements AutoCloseable {
        private long began = System.nanoTime();
        private boolean given;

        /** A look is over. Returns whether the place is still there for another one. */
        synchronized boolean another() {
            began = System.nanoTime();
            return !given;
        }

        private synchronized void giveIfLasting() {
            if (!given && System.nanoTime() - began > LASTING.toNanos()) {
                given = true;
                places.release();
            }
        }

        @Override
        public synchronized void close() {
            taken.remove(this);
            if (!given) {
                given = true;
                places.release();
            }
        }
    }
}
