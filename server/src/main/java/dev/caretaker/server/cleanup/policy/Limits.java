package dev.caretaker.server.cleanup.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.RunWindow;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Bounds on one plan and its run.
 *
 * @param maxRows most rows one plan or run may remove; 0 means no bound
 * @param maxFraction the same as a share of the table's rows, in (0, 1]; 0 means no bound
 * @param deadline longest time a run may take from its start
 * @param window when runs may work
 * @param backup without which nothing is removed
 */
public record Limits(
        long maxRows,
        double maxFraction,
        Optional<Duration> deadline,
        Optional<RunWindow> window,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<BackupDemand> backup) {
    public static final Limits NONE = new Limits(0, 0, Optional.empty(), Optional.empty());

    public Limits {
        // policies of older servers say nothing of it
        backup = Objects.requireNonNullElse(backup, Optional.empty());
    }

    /** Without need of a backup. */
    public Limits(long maxRows, double maxFraction, Optional<Duration> deadline, Optional<RunWindow> window) {
        this(maxRows, maxFraction, deadline, window, Optional.empty());
    }

    /** Whether nothing bounds how many rows go. */
    public boolean isBoundless() {
        return maxRows == 0 && maxFraction == 0;
    }

    /** The same, and only while there is such a backup. */
    public Limits requiring(BackupDemand demand) {
        return new Limits(maxRows, maxFraction, deadline, window, Optional.of(demand));
    }
}
