package dev.caretaker.server.store;

import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.ZoneOffset;

/** The clock that everything reads. */
@Factory
final class StoreClockFactory {

    @Singleton
    Clock clock(StoreClock store) {
        return store.withZone(ZoneOffset.UTC);
    }
}
