package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.run.RunWindow;
import java.time.Duration;
import java.util.Optional;

/**
 * Bounds on one plan and its run.
 *
 * @param maxRows most rows one plan or run may remove; 0 means no bound
 * @param maxFraction the same as a share of the table's rows, in (0, 1]; 0 means no bound
 * @param deadline longest time a run may take from its start
 * @param window when runs may work
 */
public record Limits(long maxRows, double maxFraction, Optional<Duration> deadline, Optional<RunWindow> window) {
    public static final Limits NONE = new Limits(0, 0, Optional.empty(), Optional.empty());
}
