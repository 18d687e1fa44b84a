package dev.caretaker.server.schedule.fire;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.OneByOne;
import dev.caretaker.server.store.OutboxStore;
import dev.caretaker.server.store.ScheduleLine;
import dev.caretaker.server.store.ScheduleLineStore;
import dev.caretaker.server.store.ScheduleLineStore.Watched;
import dev.caretaker.server.store.ScheduleStore;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    private final OneByOne oneByOne = new OneByOne(LOG);

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
        List<Watched> watched = lines.watched();
        if (watched.isEmpty()) {
            return;
        }
        Instant now = schedules.now();
        oneByOne.each(watched, one -> watch(one, now));
    }

    private void watch(Watched one, Instant now) {
        ScheduleLine line = one.line();
        Instant since = line.succeeded().orElse(line.created());
        if (one.within().filter(span -> since.plus(span).isBefore(now)).isPresent()) {
            outbox.expectationBroken(line, since, one.within().get(), REMINDER, now);
        } else if (line.overdue()) {
            outbox.expectationMet(line, one.within().isPresent(), now);
        }
    }
}
