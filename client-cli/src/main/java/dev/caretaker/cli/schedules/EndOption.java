package dev.caretaker.cli.schedules;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.units.Instants;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --until}: when something ends by itself. */
public final class EndOption {
    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "When it ends by itself: a span from now such as 2h or 3d, or an instant such as"
                    + " 2026-12-27T06:00:00Z or 2026-12-27T07:00+01:00. Default: when somebody ends it.")
    private String until;

    /** Empty if it was not given. */
    public Optional<Timestamp> end(Clock clock) {
        return Optional.ofNullable(until).map(text -> instant(text, clock)).map(Instants::toProto);
    }

    private static Instant instant(String text, Clock clock) {
        if (text.matches("\\d{4}-.*")) {
            return Instants.parse("--until", text);
        }
        try {
            return clock.instant().plus(Durations.parse(text));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--until: " + e.getMessage());
        }
    }
}
