package dev.caretaker.cli.watch;

import dev.caretaker.v1.RunEvent;

/** What can happen while a run is being followed. */
public sealed interface Signal {
    /** An event arrived on a stream. */
    record Arrived(EventStream<?> stream, RunEvent event) implements Signal {}

    /** A stream ended; {@code error} is null if it ended in good order. */
    record Closed(EventStream<?> stream, Throwable error) implements Signal {}

    /** Somebody pressed Ctrl-C or asked the process to terminate. */
    record Interrupted() implements Signal {}
}
