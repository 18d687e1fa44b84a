package dev.caretaker.server.run;

import dev.caretaker.server.store.RunKind;
import java.time.Duration;

/**
 * Hears what this server does for runs, for whoever counts it. Called on the threads of runs, after what happened is stored; must
 * be quick and must not throw.
 */
public interface RunListener {

    /** This server begins to work on a run, or goes on with it. */
    Work begins(RunKind kind, String target);

    /** The work on one run, until it ends, waits or is taken over. */
    interface Work {
        /** Nobody listens. */
        Work UNHEARD = new Work() {
            @Override
            public void happened(RunEvent event) {}

            @Override
            public void heldBack(ThrottleSignal signal, Duration time) {}
        };

        /** It is stored. */
        void happened(RunEvent event);

        /** A batch, or a part of one, was held back for that time. */
        void heldBack(ThrottleSignal signal, Duration time);
    }
}
