package dev.caretaker.server.report.observe;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.OneByOne;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.report.observe.Observation.Look;
import dev.caretaker.server.report.observe.ObservationStore.Due;
import dev.caretaker.server.target.Targets;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at statements a day after runs, from whichever server, by the clock of the control store. */
@Singleton
public class LaterLooks {
    private static final Logger LOG = LoggerFactory.getLogger(LaterLooks.class);
    private static final int AT_ONCE = 20;
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Duration AGAIN = Duration.ofHours(1);
    /** After so long what is seen says little of the run. */
    private static final Duration TOO_LATE = Duration.ofDays(3);

    private final ObservationStore store;
    private final Targets targets;
    private final Clock clock;
    private final OneByOne oneByOne = new OneByOne(LOG);

    LaterLooks(ObservationStore store, Targets targets, Clock clock) {
        this.store = store;
        this.targets = targets;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = "1m", initialDelay = "1m")
    void tick() {
        try {
            look();
        } catch (CaretakerException e) {
            LOG.debug("statements are looked at later: {}", e.getMessage());
        }
    }

    /** Takes all looks that are due. */
    public void look() {
        List<Due> due;
        do {
            due = store.claim(AT_ONCE, LEASE);
            due.forEach(one -> oneByOne.alone("run " + one.runId(), () -> look(one)));
        } while (!due.isEmpty());
    }

    private void look(Due due) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        try {
            Look later = new TableLooks(due.observation().tables(), TableLooks.LONGEST)
                    .look(targets.get(due.target()), now, false);
            store.later(due.runId(), later);
        } catch (CaretakerException e) {
            if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE) {
                throw e;
            }
            putOff(due, e, now);
        } catch (RuntimeException e) {
            // It keeps no other from its turn, and is not looked at for ever.
            LOG.warn("statements of run {} could not be looked at", due.runId(), e);
            putOff(due, CaretakerException.of(Reason.INTERNAL, "A fault of Caretaker's own: " + e), now);
        }
    }

    private void putOff(Due due, CaretakerException why, Instant now) {
        if (due.observation()
                .after()
                .filter(look -> look.at().plus(TOO_LATE).isAfter(now))
                .isPresent()) {
            store.putOff(due.runId(), AGAIN);
        } else {
            store.later(due.runId(), Observer.failed(now, why));
        }
    }
}
