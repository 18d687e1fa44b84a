package dev.caretaker.server.run;

import java.time.Duration;

/** Lets a step that reads for long make room for others meanwhile, as the pieces of a batch do. */
public interface Breather {
    /** Makes no room. */
    Breather NONE = new Breather() {
        @Override
        public boolean isGentle() {
            return false;
        }

        @Override
        public boolean rest(Duration worked) {
            return true;
        }
    };

    /** Whether the step is to make room now: then it reads in small pieces and {@linkplain #rest rests} after each. */
    boolean isGentle();

    /**
     * Waits as long as the run's pace wants it to after such a piece. The transaction stays open.
     *
     * @return whether to go on; false if the run is to stop
     */
    boolean rest(Duration worked);
}
