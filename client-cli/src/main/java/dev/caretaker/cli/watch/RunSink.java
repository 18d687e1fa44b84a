package dev.caretaker.cli.watch;

import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunState;

/** Where the events of a run are shown. */
interface RunSink extends AutoCloseable {
    /** An event, each exactly once and in order; never a heartbeat. */
    void event(RunEvent event);

    /** The stream is alive. */
    default void alive(RunState state) {}

    /** Something about the watching itself, for example a lost connection. */
    void notice(String sentence);

    /** About every second. */
    default void tick() {}

    /** True if nobody reads what is written any more. */
    default boolean isGone() {
        return false;
    }

    /** Leaves the screen clean. */
    @Override
    default void close() {}
}
