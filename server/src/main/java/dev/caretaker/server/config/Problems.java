package dev.caretaker.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects what is wrong in several places, so that whoever has to mend it is told all of it at once. */
final class Problems {
    private final List<ConfigException> found = new ArrayList<>();

    /** What was read; empty if it is wrong, which is kept. */
    <T> Optional<T> of(Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (ConfigException e) {
            found.add(e);
            return Optional.empty();
        }
    }

    /** Fails with ConfigException if anything was wrong. */
    void require() {
        if (!found.isEmpty()) {
            throw new ConfigException(found);
        }
    }
}
