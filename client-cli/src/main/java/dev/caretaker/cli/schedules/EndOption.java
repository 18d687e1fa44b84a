package dev.caretaker.cli.schedules;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.units.Instants;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --until}: when something ends by itself. The server counts a span, so that a request sent again is the same one. */
public final class EndOption {
    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "When it ends by itself: a span from now such as 2h or 3d, or an instant such as"
                    + " 2026-12-27T06:00:00Z or 2026-12-27T07:00+01:00. Default: when somebody ends it.")
    private String until;

    /** The instant; empty if none was given. */
    public Optional<Timestamp> end() {
        return Optional.ofNullable(until)
                .filter(EndOption::isInstant)
                .map(text -> Instants.parse("--until", text))
                .map(Instants::toProto);
    }

    /** The span; empty if none was given. */
    public Optional<Duration> span() {
        return Optional.ofNullable(until).filter(text -> !isInstant(text)).map(EndOption::span);
    }

    private static boolean isInstant(String text) {
        return text.matches("\\d{4}-.*");
    }

    private static Duration span(String text) {
        try {
            return Durations.toProto(Durations.parse(text));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--until: " + e.getMessage());
        }
    }
}
