package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.BatchSizing;
import java.time.Duration;

/**
 * Sizes batches so that each takes the wanted time: {@code r = target / last; size *= clamp(r < 1 ? r : sqrt(r), 0.5,
 * 1.5)}. It shrinks at once and grows with care, because the next batch may be denser than the last. Only until a batch has
 * once taken two thirds of the wanted time it grows right up to what that one promises, by {@value #FIRST_GROWTH} times at
 * most: first sizes are guessed low, and a small run would be over before it had found its own.
 *
 * <p>Where a good part of a batch's work costs the same whatever its size ({@link FixedCosts}), the rows' part alone decides:
 * shrinking by the whole would make batches that do next to nothing, and no faster. Rows get at least as much time as what is
 * fixed, half as much as journal and commit, and {@link #LEAST_WORK}; but for the sake of fixed costs no more than
 * {@value #MOST_FOR_FIXED} times the wanted time.
 */
final class BatchSizer {
    /** Work below which a commit is not worth it. */
    static final Duration LEAST_WORK = Duration.ofMillis(10);
    /**
     * Most write-ahead log of one batch: it reaches standbys in one piece. Behind a checkpoint most of it is full-page images;
     * a lower bound would cut batches to a fraction of their wanted time there, and the commits would cost more than they
     * spare.
     */
    static final long MOST_WAL = 64L << 20;

    /** Share of the wanted time from which fixed costs are told apart. Less is lost in the noise, and does no harm. */
    private static final double NOTABLE = 0.25;

    private static final int MOST_FOR_FIXED = 4;
    /** It had not ended after five times its time. */
    private static final int BROKEN_OFF = 8;

    private static final double MOST_SHRINK = 0.5;
    private static final double MOST_GROWTH = 1.5;
    private static final double FIRST_GROWTH = 6;
    /** Keeps the first leaps a little below the wanted time: what is left, the careful growth finds. */
    private static final double FIRST_MARGIN = 0.8;
    /** The wanted time is at most this multiple of what the batch took: two thirds of it were reached. */
    private static final double FIRST_ENOUGH = 1.5;

    private final BatchSizing bounds;
    private final Duration leastWork;
    private final long mostWal;
    private final FixedCosts costs = new FixedCosts();
    private long size;
    private boolean started;
    private Duration last = Duration.ZERO;
    private Duration before = Duration.ZERO;

    BatchSizer(BatchSizing bounds, long size) {
        this(bounds, size, LEAST_WORK, MOST_WAL);
    }

    /**
     * @param leastWork time that rows get in any case
     * @param mostWal most write-ahead log, in bytes
     */
    BatchSizer(BatchSizing bounds, long size, Duration leastWork, long mostWal) {
        this.bounds = bounds;
        this.leastWork = leastWork;
        this.mostWal = mostWal;
        this.size = clamp(size);
    }

    long size() {
        return size;
    }

    /**
     * A batch of the wanted size was worked.
     *
     * @param target time the whole batch should have taken
     * @param work time spent working
     * @param walBytes write-ahead log it made
     * @param fill share of the wanted size that held work, 0 to 1; negative if it only looked for work
     */
    void worked(Duration target, Duration work, long walBytes, double fill) {
        if (fill < 0) {
            return;
        }
        costs.batch(size, work);
        Duration fixed = costs.get();
        double notable = fixed.toNanos() < target.toNanos() * NOTABLE ? 0 : fixed.toNanos();
        double r = wanted(target, notable) / Math.max(1, work.toNanos() - notable);
        started |= r <= FIRST_ENOUGH;
        double factor = started
                ? Math.clamp(r < 1 ? r : Math.sqrt(r), MOST_SHRINK, MOST_GROWTH)
                : Math.clamp(r * FIRST_MARGIN, 1, FIRST_GROWTH);
        if (r < 1 && size == bounds.minimum() && !costs.tells()) {
            factor = MOST_GROWTH; // it cannot be less: find out whether more takes longer
        }
        if (factor > 1) {
            factor = 1 + (factor - 1) * Math.clamp(fill, 0, 1);
        }
        if (walBytes > 0) {
            factor = Math.min(factor, Math.max((double) mostWal / walBytes, MOST_SHRINK));
        }
        // A factor that rounds away would pin small sizes where they are.
        long next = factor > 1 ? (long) Math.ceil(size * factor) : (long) Math.floor(size * factor);
        size = clamp(next);
    }

    /** Time for the rows of a batch, in nanoseconds. */
    private double wanted(Duration target, double fixed) {
        Duration overhead = last.compareTo(before) > 0 ? last : before;
        double room = target.minus(overhead).toNanos() - fixed;
        double paying = Math.min(Math.max(fixed, overhead.toNanos() / 2.0), (double) MOST_FOR_FIXED * target.toNanos());
        return Math.max(room, Math.max(paying, leastWork.toNanos()));
    }

    /** So long does the server plan the statements of a batch. */
    void planned(Duration planning) {
        costs.measured(planning);
    }

    /**
     * A batch was committed. The longer of the latest two overheads is what the next one is expected to take: disks are moody,
     * and a batch may have to wait for the one before it.
     *
     * @param overhead time between its work and its end
     */
    void committed(Duration overhead) {
        before = last;
        last = overhead;
    }

    /** A batch was broken off because it took far too long. */
    void brokenOff() {
        started = true;
        size = clamp(size / BROKEN_OFF);
    }

    boolean isSmallest() {
        return size == bounds.minimum();
    }

    /** Part of a batch's work that does not depend on its size. */
    Duration fixedCosts() {
        return costs.get();
    }

    /** A batch was rolled back, or others wait for us. */
    void shrink() {
        size = clamp(size / 2);
    }

    /** Takes no more than this next. */
    void limit(long most) {
        size = clamp(Math.min(size, most));
    }

    private long clamp(long wanted) {
        return Math.clamp(wanted, bounds.minimum(), bounds.maximum());
    }
}
