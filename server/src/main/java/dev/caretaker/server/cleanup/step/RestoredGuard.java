package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.archive.restore.RestoredRows;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Moments;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps a step from taking rows that were brought back after its plan had been accepted. A restore says what stays before it looks for
 * cleanups that go on; a step asks here before it begins: so one of the two sees the other.
 */
@Singleton
public final class RestoredGuard {
    /** Where nothing is ever brought back. */
    public static final RestoredGuard NONE = new RestoredGuard(Optional.empty());

    private final Optional<RestoredRows> restored;

    @Inject
    RestoredGuard(RestoredRows restored) {
        this(Optional.of(restored));
    }

    private RestoredGuard(Optional<RestoredRows> restored) {
        this.restored = restored;
    }

    /** Fails with PLAN_DRIFTED if rows that are old enough were brought back, and are to stay. */
    void require(StepContext context, Optional<Instant> cutoff) {
        if (cutoff.isEmpty() || restored.isEmpty()) {
            return;
        }
        restored.get()
                .of(context.target(), context.table())
                .filter(stay -> stay.from().isBefore(cutoff.get()))
                .ifPresent(stay -> {
                    throw CaretakerException.of(
                            Reason.PLAN_DRIFTED,
                            "Rows of " + context.table() + " from " + Moments.second(stay.from()) + " on stay "
                                    + stay.because() + ".",
                            Map.of("table", context.table().toString()));
                });
    }
}
