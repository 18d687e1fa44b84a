package dev.caretaker.server.store;

import java.time.Duration;
import java.util.List;

/** The figures that one piece of work has, to become {@link Totals}: those that are not set are nothing. */
final class Figures {
    long rowsDeleted;
    boolean rowsExact = true;
    List<Totals.Cascaded> cascaded = List.of();
    long rowsPinned;
    List<String> pinnedSamples = List.of();
    long rowsResidual;
    long bytesDeleted;
    long bytesReusable;
    long bytesReturned;
    long walBytes;
    Duration busy = Duration.ZERO;
    long batches;
    long retries;
    Totals.Space space = Totals.Space.NONE;
    List<Totals.Archived> archived = List.of();
    Totals.Restored restored = Totals.Restored.NONE;

    Totals totals() {
        return new Totals(
                rowsDeleted,
                rowsExact,
                cascaded.stream().mapToLong(Totals.Cascaded::rows).sum(),
                cascaded,
                rowsPinned,
                rowsResidual,
                bytesDeleted,
                bytesReusable,
                bytesReturned,
                walBytes,
                batches,
                retries,
                busy,
                pinnedSamples,
                space,
                archived,
                restored);
    }
}
