package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import java.util.Optional;

/**
 * A count that may have been cut short.
 *
 * @param rows what was counted; a lower bound if {@code atLeast}
 * @param failure why nothing could be counted; then {@code rows} is 0
 * @param denied whether it was for lack of rights
 */
public record Tally(long rows, boolean atLeast, Optional<String> failure, boolean denied) {
    public static final Tally NONE = new Tally(0, false, Optional.empty(), false);

    static Tally of(long rows, long limit) {
        return new Tally(Math.min(rows, limit), rows > limit, Optional.empty(), false);
    }

    static Tally failed(String why) {
        return new Tally(0, false, Optional.of(why), false);
    }

    static Tally denied(String why) {
        return new Tally(0, false, Optional.of(why), true);
    }

    /** What would let the role count the table's rows; empty if rights were not what it lacked. */
    public String remedy(TableName table, String role) {
        if (!denied) {
            return "";
        }
        String to = " TO " + Identifiers.quote(role) + ";";
        return "GRANT USAGE ON SCHEMA " + Identifiers.quote(table.schema()) + to + "\nGRANT SELECT ON "
                + Identifiers.quote(table) + to;
    }

    /** As evidence of a warning: "120", "more than 10000", or "unknown: …". */
    @Override
    public String toString() {
        return failure.map(why -> "unknown: " + why).orElse(atLeast ? "more than " + rows : Long.toString(rows));
    }
}
