package dev.caretaker.server.run;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * When a run may work. A run may have several, and works only within all of them: those of its policy, of its schedule, and of the
 * run that started it.
 *
 * @param window daily
 * @param stops whether the run ends when the window closes, with outcome DEADLINE; else it waits for the next one
 */
public record WorkingHours(RunWindow window, boolean stops) {
    /** Openings that are looked at until all windows are open at once; two that never meet repeat themselves sooner. */
    private static final int MOST_OPENINGS = 1_000;

    /** Those in which a run waits when they are over. */
    public static WorkingHours pausing(RunWindow window) {
        return new WorkingHours(window, false);
    }

    /** Whether all windows are open. */
    public static boolean areOpen(List<WorkingHours> all, Instant now) {
        return all.stream().allMatch(hours -> hours.window().isOpen(now));
    }

    /** The first whose end ends the run, and that is over; empty if there is none. */
    public static Optional<RunWindow> stopped(List<WorkingHours> all, Instant now) {
        return all.stream()
                .filter(hours -> hours.stops() && !hours.window().isOpen(now))
                .map(WorkingHours::window)
                .findFirst();
    }

    /** When all windows are open next, {@code now} itself if they are; empty if they are never open together. */
    public static Optional<Instant> nextOpening(List<WorkingHours> all, Instant now) {
        Instant at = now;
        for (int i = 0; i < MOST_OPENINGS; i++) {
            if (areOpen(all, at)) {
                return Optional.of(at);
            }
            for (WorkingHours hours : all) {
                at = hours.window().nextOpening(at);
            }
        }
        return Optional.empty();
    }

    /** Which windows are closed and until when each is, as a clause. */
    public static String closed(List<WorkingHours> all, Instant now) {
        return String.join(
                ", and ",
                all.stream()
                        .map(WorkingHours::window)
                        .filter(window -> !window.isOpen(now))
                        .map(window -> window.closedUntil(now))
                        .toList());
    }
}
