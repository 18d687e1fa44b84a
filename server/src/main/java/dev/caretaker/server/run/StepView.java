package dev.caretaker.server.run;

import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import java.time.Instant;
import java.util.Optional;

/**
 * A step as shown to people and clients.
 *
 * @param ordinal position, from 1
 * @param outcome empty while it has not ended
 * @param message one sentence on the outcome; may be empty
 */
public record StepView(
        int ordinal,
        String kind,
        TableName relation,
        String policy,
        Optional<Outcome> outcome,
        long rowsExpected,
        Totals totals,
        String message,
        Optional<Instant> started,
        Optional<Instant> ended) {}
