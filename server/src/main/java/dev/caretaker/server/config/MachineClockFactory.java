package dev.caretaker.server.config;

import io.micronaut.context.annotation.Factory;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** The clock of this machine; that of the control store, which all servers share, is the one to ask. */
@Factory
final class MachineClockFactory {

    @Singleton
    @Named("machine")
    InstantSource machine() {
        return InstantSource.system();
    }
}
