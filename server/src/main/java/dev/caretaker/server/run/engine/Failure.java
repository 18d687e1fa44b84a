package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.target.PostgresErrors;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a failure means for the work that met it.
 *
 * @param kind what to do about it
 * @param error what to tell if the step fails for it
 */
record Failure(Kind kind, CaretakerException error) {

    enum Kind {
        /** Trying again, with less, may help. */
        RETRY,
        /** The connection is gone: the batch may or may not be. */
        CONNECTION,
        /** The control store is away. */
        STORE,
        /** Nothing will help. */
        FATAL
    }

    private static final Set<Reason> WRAPPERS =
            Set.of(Reason.STATEMENT_FAILED, Reason.LOCK_NOT_AVAILABLE, Reason.TARGET_UNREACHABLE, Reason.TOOL_FAILED);

    /** Beside the target: they may come back, or be given room. */
    private static final Set<Reason> OUTSIDE = Set.of(Reason.SPOOL_FAILED, Reason.DESTINATION_UNREACHABLE);

    static Failure of(String target, Exception exception) {
        return switch (exception) {
            case CaretakerException known
            when known.reason() == Reason.CONTROL_STORE_UNREACHABLE -> new Failure(Kind.STORE, known);
            case CaretakerException known -> new Failure(kindOf(known), known);
            case SQLException sql -> new Failure(kindOf(sql), PostgresErrors.translate(target, sql));
            default ->
                new Failure(
                        Kind.FATAL,
                        CaretakerException.of(
                                Reason.INTERNAL,
                                "An unexpected error ended the step: " + exception,
                                Map.of("exception", exception.getClass().getName())));
        };
    }

    /** Nothing more can be done on this session now. */
    boolean leavesSession() {
        return kind == Kind.CONNECTION || kind == Kind.STORE;
    }

    /** Whether the statement was cancelled, by whomever. */
    static boolean isCancelled(Exception exception) {
        return sqlCause(exception)
                .filter(sql -> PostgresErrors.QUERY_CANCELED.equals(sql.getSQLState()))
                .isPresent();
    }

    private static Kind kindOf(CaretakerException exception) {
        if (OUTSIDE.contains(exception.reason())) {
            return Kind.RETRY;
        }
        return sqlCause(exception)
                .filter(sql -> WRAPPERS.contains(exception.reason()))
                .map(Failure::kindOf)
                .orElse(Kind.FATAL);
    }

    private static Kind kindOf(SQLException exception) {
        if (PostgresErrors.isConnectionLoss(exception)) {
            return Kind.CONNECTION;
        }
        return PostgresErrors.isRetryable(exception) ? Kind.RETRY : Kind.FATAL;
    }

    private static Optional<SQLException> sqlCause(Throwable exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }
}
