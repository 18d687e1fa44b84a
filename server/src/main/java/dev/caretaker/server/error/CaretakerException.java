package dev.caretaker.server.error;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The one exception that features throw on purpose. It carries all that a caller gets to see: a stable reason, a
 * sentence, details by name, and the SQLSTATE if Postgres raised it.
 */
public final class CaretakerException extends RuntimeException {
    /** Name of the detail that tells after how many seconds the same may be tried again. */
    public static final String RETRY_SECONDS = "retry_seconds";

    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final transient Map<String, String> metadata;
    private final transient List<FieldViolation> violations;
    private final String sqlState;

    private CaretakerException(
            Reason reason,
            String message,
            Map<String, String> metadata,
            List<FieldViolation> violations,
            String sqlState,
            Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.metadata = Map.copyOf(metadata);
        this.violations = List.copyOf(violations);
        this.sqlState = sqlState;
    }

    public static CaretakerException of(Reason reason, String message) {
        return new CaretakerException(reason, message, Map.of(), List.of(), null, null);
    }

    public static CaretakerException of(Reason reason, String message, Map<String, String> metadata) {
        return new CaretakerException(reason, message, metadata, List.of(), null, null);
    }

    /** An error raised by Postgres: {@code cause} is kept for the log, its SQLSTATE for the caller. */
    public static CaretakerException of(Reason reason, String message, SQLException cause) {
        return of(reason, message, Map.of(), cause);
    }

    /** An error raised by Postgres, with details such as the constraint's name. */
    public static CaretakerException of(
            Reason reason, String message, Map<String, String> metadata, SQLException cause) {
        return new CaretakerException(reason, message, metadata, List.of(), cause.getSQLState(), cause);
    }

    /** Bad input; never empty. */
    public static CaretakerException invalid(List<FieldViolation> violations) {
        String message = violations.stream()
                .map(violation -> violation.field() + ": " + violation.description())
                .collect(Collectors.joining("; "));
        return new CaretakerException(Reason.INVALID_FIELD, message, Map.of(), violations, null, null);
    }

    /** Bad input in one field. */
    public static CaretakerException invalid(String field, String description) {
        return invalid(List.of(new FieldViolation(field, description)));
    }

    public Reason reason() {
        return reason;
    }

    public Map<String, String> metadata() {
        return metadata;
    }

    public List<FieldViolation> violations() {
        return violations;
    }

    public Optional<String> sqlState() {
        return Optional.ofNullable(sqlState);
    }
}
