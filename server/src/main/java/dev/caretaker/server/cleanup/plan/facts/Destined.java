package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.archive.place.Destinations;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The destinations as one plan sees them: each is tried once, for it may take its time to say that it takes nothing. */
final class Destined {
    private final Destinations destinations;
    private final Map<String, Optional<String>> tried = new HashMap<>();

    Destined(Destinations destinations) {
        this.destinations = destinations;
    }

    Destinations all() {
        return destinations;
    }

    /** Why nothing can be written there now, as a clause; empty if something can. */
    Optional<String> unwritable(String name) {
        return tried.computeIfAbsent(name, destinations::unwritable);
    }
}
