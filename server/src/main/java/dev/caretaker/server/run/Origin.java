package dev.caretaker.server.run;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What whoever has a run started knows and the features between need not: it goes from there to the engine beside their calls,
 * on the same thread.
 *
 * @param trace that the run continues
 * @param hours when it may work, beside what the feature says
 */
public record Origin(Optional<TraceParent> trace, List<WorkingHours> hours) {
    private static final Origin NOWHERE = new Origin(Optional.empty(), List.of());
    private static final ScopedValue<Origin> CURRENT = ScopedValue.newInstance();

    /** Does what starts runs, on this thread. */
    public static <T> T within(Origin origin, Supplier<T> starting) {
        return ScopedValue.where(CURRENT, origin).call(starting::get);
    }

    /** That of what this thread is doing. */
    public static Origin current() {
        return CURRENT.orElse(NOWHERE);
    }
}
