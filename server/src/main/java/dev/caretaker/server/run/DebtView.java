package dev.caretaker.server.run;

import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A debt as shown to people and clients; see {@link Debt}.
 *
 * @param step ordinal of the run's step that made it
 * @param object what must not stay
 * @param table table it concerns
 * @param message one sentence: what may be there, and what follows as long as it is
 * @param attempts how often servers tried to settle it after the run had ended
 * @param answer one sentence: what came of the latest attempt; empty before the first
 * @param nextTry when the next attempt is due; without meaning while the run goes on, and once it is settled
 * @param settled when it was settled; empty while it is open
 */
public record DebtView(
        UUID id,
        String kind,
        String target,
        UUID runId,
        int step,
        TableName object,
        TableName table,
        String message,
        Instant incurred,
        long attempts,
        String answer,
        Instant nextTry,
        Optional<Instant> settled) {}
