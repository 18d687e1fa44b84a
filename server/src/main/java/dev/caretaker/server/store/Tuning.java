package dev.caretaker.server.store;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of a run that may change while it works.
 *
 * @param pace how much it gives way to others
 * @param batchTarget time one batch should take
 * @param maxRowsPerSecond most rows per second; 0 means no cap
 * @param pauseRatio pause after a batch as a multiple of the batch's duration
 * @param maxReplicationLagBytes lag of the slowest standby above which the run waits; 0 means never
 * @param maxWalBytesPerSecond most write-ahead log per second, system-wide; 0 means no cap
 * @param maxLockWaiters sessions waiting on our locks from which the run backs off; 0 means never
 */
public record Tuning(
        Pace pace,
        Duration batchTarget,
        long maxRowsPerSecond,
        double pauseRatio,
        long maxReplicationLagBytes,
        long maxWalBytesPerSecond,
        int maxLockWaiters) {

    /** Without caps: gives way to others' work, and backs off as soon as anybody waits for a lock held by the run. */
    public static final Tuning DEFAULT = new Tuning(Pace.ADAPTIVE, Duration.ofMillis(100), 0, 0, 0, 0, 1);

    /** The same at another pace, if one is given. */
    public Tuning at(Optional<Pace> other) {
        return new Tuning(
                other.orElse(pace),
                batchTarget,
                maxRowsPerSecond,
                pauseRatio,
                maxReplicationLagBytes,
                maxWalBytesPerSecond,
                maxLockWaiters);
    }

    /** Whether there is no rate that the run is to keep to, whatever else goes on. */
    @JsonIgnore
    public boolean isUncapped() {
        return pace != Pace.POLITE && maxRowsPerSecond == 0 && maxWalBytesPerSecond == 0 && pauseRatio == 0;
    }
}
