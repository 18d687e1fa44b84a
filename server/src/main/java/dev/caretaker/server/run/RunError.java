package dev.caretaker.server.run;

import dev.caretaker.server.error.CaretakerException;
import java.util.Map;

/**
 * Why a run or step failed.
 *
 * @param reason name of a {@link dev.caretaker.server.error.Reason}
 * @param sqlState empty unless Postgres raised it
 */
public record RunError(String reason, String message, String sqlState, Map<String, String> metadata) {

    public static RunError of(CaretakerException exception) {
        return new RunError(
                exception.reason().name(),
                exception.getMessage(),
                exception.sqlState().orElse(""),
                exception.metadata());
    }
}
