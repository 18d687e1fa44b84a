package dev.caretaker.server.cleanup.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caretaker.server.store.TableName;
import java.util.Objects;
import java.util.Optional;

/**
 * What may be removed from one table: rows whose time value is older than the retention allows and for which the filter
 * is TRUE. Rows whose time value is NULL or infinite are never eligible.
 *
 * @param filter empty means every row
 * @param cascades which referencing tables deletes may cascade to, or set NULL in
 * @param skipPinned whether rows that a referencing row holds back are skipped and counted instead of failing the step
 * @param keeping what is kept of rows, in the transaction that deletes them; empty: nothing
 * @param countBy column by whose values the table's rows are counted in the growth history; a cleanup does not look at it
 */
public record Policy(
        String name,
        String target,
        TableName table,
        TimeColumn timeColumn,
        Retention retention,
        Optional<Filter> filter,
        Cascades cascades,
        boolean skipPinned,
        FollowUp followUp,
        Limits limits,
        String description,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Keeping> keeping,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> countBy) {

    public Policy {
        // policies of older servers say nothing of these
        keeping = Objects.requireNonNullElse(keeping, Optional.empty());
        countBy = Objects.requireNonNullElse(countBy, Optional.empty());
    }

    /** Of rows of which nothing is kept, and that are not counted by value. */
    public Policy(
            String name,
            String target,
            TableName table,
            TimeColumn timeColumn,
            Retention retention,
            Optional<Filter> filter,
            Cascades cascades,
            boolean skipPinned,
            FollowUp followUp,
            Limits limits,
            String description) {
        this(
                name,
                target,
                table,
                timeColumn,
                retention,
                filter,
                cascades,
                skipPinned,
                followUp,
                limits,
                description,
                Optional.empty(),
                Optional.empty());
    }

    /** The same, which keeps something of its rows. */
    public Policy keeping(Keeping what) {
        return new Policy(
                name,
                target,
                table,
                timeColumn,
                retention,
                filter,
                cascades,
                skipPinned,
                followUp,
                limits,
                description,
                Optional.of(what),
                countBy);
    }

    /** When a VACUUM (ANALYZE) follows a cleanup. */
    public enum FollowUp {
        /** If at least 1,000 rows and 5 % of a table were deleted. */
        AUTO,
        NEVER,
        /** Whenever a row was deleted. */
        ALWAYS
    }
}
