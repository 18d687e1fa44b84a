package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.schedule.StoredSchedule;
import dev.caretaker.server.store.OutboxStore;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.ScheduleLineStore;
import dev.caretaker.server.store.ScheduleStore;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when no run of a schedule has ended well for longer than expected, even if nothing ran, and when one has again. Any
 * server does, by the clock of the control store.
 */
@Singleton
final class ExpectationWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ExpectationWatch.class);

    /** What goes on is written again; rules say how often it is told. */
    private static final Duration REMINDER = Duration.ofHours(1);

    private final ScheduleStore schedules;
    private final ScheduleLineStore lines;
    private final OutboxStore outbox;

    ExpectationWatch(ScheduleStore schedules, ScheduleLineStore lines, OutboxStore outbox) {
        this.schedules = schedules;
        this.lines = lines;
        this.outbox = outbox;
    }

    @Scheduled(fixedDelay = "5s")
    void tick() {
        try {
            watch();
        } catch (CaretakerException e) {
            LOG.debug("expectations are looked at later: {}", e.getMessage());
        }
    }

    private void watch() {
        List<ScheduleLine> all = lines.all();
        if (all.isEmpty()) {
            return;
        }
        Map<String, Duration> expected = new HashMap<>();
        schedules.named(all.stream().map(ScheduleLine::schedule).distinct().toList()).stream()
                .map(StoredSchedule::of)
                .map(StoredSchedule::schedule)
                .forEach(schedule -> schedule.expectation().ifPresent(span -> expected.put(schedule.name(), span)));
        Instant now = schedules.now();
        for (ScheduleLine line : all) {
            Duration within = expected.get(line.schedule());
            Instant since = line.succeeded().orElse(line.created());
            if (within != null && since.plus(within).isBefore(now)) {
                outbox.expectationBroken(line, since, within, REMINDER, now);
            } else if (line.overdue()) {
                outbox.expectationMet(line, within != null, now);
            }
        }
    }
}
