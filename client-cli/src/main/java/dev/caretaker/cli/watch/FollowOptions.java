package dev.caretaker.cli.watch;

import dev.caretaker.cli.units.Durations;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Options of every command that follows a run. */
public final class FollowOptions {
    @Option(
            names = "--on-interrupt",
            paramLabel = "detach|cancel",
            order = 70,
            defaultValue = "detach",
            description = "What Ctrl-C does to the run: nothing, or cancel it (a second one leaves). Default: detach.")
    private OnInterrupt onInterrupt;

    @Option(
            names = "--reconnect-for",
            paramLabel = "DURATION",
            order = 71,
            defaultValue = "2m",
            converter = Durations.Converter.class,
            description = "How long to try again when the connection breaks. Default: 2m.")
    private Duration reconnectFor;

    /** What an interrupt does. */
    public enum OnInterrupt {
        DETACH,
        CANCEL
    }

    boolean cancels() {
        return onInterrupt == OnInterrupt.CANCEL;
    }

    Duration reconnectFor() {
        return reconnectFor;
    }
}
