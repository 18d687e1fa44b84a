package dev.caretaker.server.api.mapping;

import dev.caretaker.server.store.TableName;
import dev.caretaker.v1.GetGrowthRequest;
import java.time.Duration;
import java.util.Optional;

/** Reads what is asked of the growth history. */
public final class GrowthReader {
    private static final Duration USUAL_WINDOW = Duration.ofDays(30);
    private static final Duration LEAST_WINDOW = Duration.ofDays(1);
    private static final Duration MOST_WINDOW = Duration.ofDays(36_500);

    private GrowthReader() {}

    /** Nonsense if violations were found. */
    public static Duration window(Violations violations, GetGrowthRequest request) {
        return request.hasWindow()
                ? Times.read(
                        violations,
                        "window",
                        request.getWindow(),
                        LEAST_WINDOW,
                        MOST_WINDOW,
                        "at least one day and at most 100 years")
                : USUAL_WINDOW;
    }

    public static Optional<TableName> table(Violations violations, GetGrowthRequest request) {
        return request.hasTable() ? Optional.of(Names.read(violations, "table", request.getTable())) : Optional.empty();
    }
}
