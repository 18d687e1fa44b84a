package dev.caretaker.server.store;

import dev.caretaker.server.error.CaretakerException;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clock that everything reads. */
@Factory
final class StoreClockFactory {
    private static final Logger LOG = LoggerFactory.getLogger(StoreClockFactory.class);

    /** It is right before anything reads it, if the store answers. */
    @Singleton
    Clock clock(StoreClock clock, ControlStore store) {
        try {
            clock.agree(store::now);
        } catch (CaretakerException e) {
            LOG.debug("the control store is asked for the time later: {}", e.getMessage());
        }
        return clock.withZone(ZoneOffset.UTC);
    }
}
