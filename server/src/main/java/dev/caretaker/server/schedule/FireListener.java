package dev.caretaker.server.schedule;

import dev.caretaker.server.store.FireOutcome;

/** Hears what this server decided of nominal times, for whoever counts it; must be quick and must not throw. */
public interface FireListener {

    /**
     * It is stored. A run that is started again for the same time is not told.
     *
     * @param times nominal times that ended so
     */
    void decided(String schedule, FireOutcome outcome, long times);
}
