package dev.caretaker.server.schedule;

import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.run.WorkingHours;
import dev.caretaker.server.run.Zone;
import dev.caretaker.server.schedule.time.Jitter;
import dev.caretaker.server.schedule.time.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Work that starts by itself.
 *
 * @param name unique
 * @param target empty: every configured target, each by itself
 * @param catchUp how late a run may be started for a time at which no server was there, and how long an unreachable target
 *     is tried again
 * @param jitter longest delay after a nominal time
 * @param window local times within which it starts
 * @param windowEnd what becomes of its run when that closes
 * @param calendars names of calendars whose days are excluded
 * @param deadline longest time a run may take; empty: as the work itself says
 * @param pauseAfterFailures failed runs in a row after which it pauses itself at that target; 0: never
 * @param expectation a run must have succeeded within this span
 */
public record Schedule(
        String name,
        String description,
        Optional<String> target,
        When when,
        Action action,
        Overlap overlap,
        Duration catchUp,
        Duration jitter,
        Optional<RunWindow> window,
        WindowEnd windowEnd,
        List<String> calendars,
        Optional<Duration> deadline,
        Retries retries,
        int pauseAfterFailures,
        Optional<Duration> expectation) {

    public static final Duration USUAL_CATCH_UP = Duration.ofHours(1);

    /** @param windowEnd missing in what was stored before there was a choice */
    public Schedule {
        windowEnd = Objects.requireNonNullElse(windowEnd, WindowEnd.PAUSE);
    }

    /** When its runs may work. */
    public List<WorkingHours> hours() {
        return window.filter(open -> windowEnd != WindowEnd.FINISH).stream()
                .map(open -> new WorkingHours(open, windowEnd == WindowEnd.STOP))
                .toList();
    }

    /** Time zones by which it goes. */
    Stream<Zone> zones() {
        return Stream.concat(
                when instanceof When.Cron cron ? Stream.of(cron.zone()) : Stream.empty(),
                window.stream().map(RunWindow::zone));
    }

    /** Fails with UNKNOWN_ZONE. */
    public Timing timing() {
        return when.timing(name);
    }

    public Jitter spread() {
        return new Jitter(name, jitter);
    }
}
