package dev.caretaker.server.cleanup.step;

import static dev.caretaker.server.cleanup.step.DropStatements.DETACH;
import static dev.caretaker.server.cleanup.step.DropStatements.DETACH_AND_DROP;
import static dev.caretaker.server.cleanup.step.DropStatements.DETACH_PLAIN;
import static dev.caretaker.server.cleanup.step.DropStatements.DROP;
import static dev.caretaker.server.cleanup.step.DropStatements.DROP_KEY;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.StatementStep.Statement;
import dev.caretaker.server.target.PostgresErrors;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/** What the errors of a partition drop's statements mean. */
final class DropErrors {
    private DropErrors() {}

    /** How the step goes on after an error that it can live with; empty if it cannot. */
    static Optional<DropMemory> tolerated(DropMemory memory, Statement statement, SQLException error) {
        if (PostgresErrors.isConnectionLoss(error) || PostgresErrors.isRetryable(error)) {
            return Optional.empty();
        }
        String why = PostgresErrors.whole(error);
        return switch (statement.label()) {
            case DETACH, DETACH_PLAIN ->
                DeleteErrors.isKeyViolation(error)
                        ? Optional.empty()
                        : Optional.of(
                                memory.refusal().isPresent()
                                        ? memory.staysDetached(why)
                                        : memory.refused("detached: " + why));
            case DETACH_AND_DROP ->
                DeleteErrors.isKeyViolation(error) ? Optional.empty() : Optional.of(memory.refused("dropped: " + why));
            case DROP, DROP_KEY -> Optional.of(memory.refused("dropped: " + why));
            default -> Optional.of(memory.staysDetached(why));
        };
    }

    /** Whether the partition could not be detached because its rows are referenced. */
    static boolean isReferenced(Statement statement, SQLException error) {
        boolean detaches = statement.label().equals(DETACH) || DropStatements.detachesUnderLock(statement);
        return detaches && DeleteErrors.isKeyViolation(error);
    }

    static CaretakerException referenced(PartitionDrop drop, SQLException error, Map<String, String> details) {
        return CaretakerException.of(
                Reason.PINNED_BY_FOREIGN_KEY,
                "Partition " + drop.partition() + " cannot be detached, because its rows are still referenced: "
                        + PostgresErrors.whole(error),
                details,
                error);
    }
}
