package dev.caretaker.server.detect;

import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.List;

/** What the stored policies tell the checks; provided by whoever keeps policies. */
public interface PolicyFacts {

    /** Facts of every policy of a target. */
    List<PolicyFact> of(String target);

    /**
     * One policy.
     *
     * @param cutoff rows older than this should be gone by now
     * @param summary the policy as a JSON object: name, schema, table, time_column, zone (in which times without one are
     *     read), per_second (units of an integer time in a second; not there for other kinds), cutoff (ISO 8601), keeps (whether what goes is kept, so that no
     *     partition is dropped), filtered
     *     (whether it has a filter), lost (whether its table, or a column that it names, is gone), contradictions (an array
     *     of objects with policy, the one that makes it pointless, and message), unread (why its table could not be read;
     *     not there if it could)
     */
    record PolicyFact(String policy, TableName table, Instant cutoff, String summary, Reading reading) {}

    /** What was found when the policy was held against the database. */
    sealed interface Reading {}

    /** Its table, or a column that it names, is gone. */
    record Lost() implements Reading {}

    /**
     * Nothing is known of it.
     *
     * @param why a clause
     */
    record Unread(String why) implements Reading {}

    /**
     * Rows of a policy, over the table's alias {@code t}.
     *
     * @param time expression that gives a row's time as timestamptz; NULL where none
     * @param eligible predicate: the rows that should be gone by now
     * @param reached predicate: the rows that the policy removes now or some day
     * @param held predicate: the rows that cannot be deleted because rows of other tables refer to them, or may
     * @param holders expression: an array of texts that tell which these are
     */
    record Reach(
            CheckSql.Bound time,
            CheckSql.Bound eligible,
            CheckSql.Bound reached,
            CheckSql.Bound held,
            CheckSql.Bound holders)
            implements Reading {

        /** Of a table to which no other refers. */
        Reach(CheckSql.Bound time, CheckSql.Bound eligible, CheckSql.Bound reached) {
            this(
                    time,
                    eligible,
                    reached,
                    new CheckSql.Bound("false", List.of()),
                    new CheckSql.Bound("CAST(NULL AS text[])", List.of()));
        }
    }
}
