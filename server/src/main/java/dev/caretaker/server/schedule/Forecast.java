package dev.caretaker.server.schedule;

import dev.caretaker.server.store.FireOutcome;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What would become of a nominal time as things stand.
 *
 * @param due when it would start: the nominal time and its jitter
 * @param outcome STARTED, or what would stand in the way
 * @param message what would stand in the way, as a sentence; may be empty
 * @param shifted whether clocks are put forward over the time that is meant, so that it is this one instead
 * @param doubts what may come in between although it would start as things stand, sentences
 */
public record Forecast(
        String target,
        Instant nominal,
        Instant due,
        FireOutcome outcome,
        String message,
        boolean shifted,
        List<String> doubts) {

    boolean starts() {
        return outcome == FireOutcome.STARTED;
    }

    Forecast doubted(List<String> more) {
        return new Forecast(
                target,
                nominal,
                due,
                outcome,
                message,
                shifted,
                Stream.concat(doubts.stream(), more.stream()).toList());
    }

    Forecast instead(FireOutcome other, String why) {
        return new Forecast(target, nominal, due, other, why, shifted, doubts);
    }
}
