package dev.caretaker.server.detect;

import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.List;

/** What the stored policies tell the checks; provided by whoever keeps policies. */
public interface PolicyFacts {

    /** Facts of every policy of a target whose table can be read there. */
    List<PolicyFact> of(String target);

    /**
     * One policy.
     *
     * @param cutoff rows older than this should be gone by now
     * @param summary the policy as a JSON object: name, schema, table, time_column, cutoff (ISO 8601), filtered (whether
     *     it has a filter), contradictions (an array of objects with policy, the one that makes it pointless, and message)
     * @param time expression over the table's alias {@code t} that gives a row's time as timestamptz; NULL where none
     * @param eligible predicate over {@code t}: the rows that should be gone by now
     * @param reached predicate over {@code t}: the rows that the policy removes now or some day
     */
    record PolicyFact(
            String policy,
            TableName table,
            Instant cutoff,
            String summary,
            CheckSql.Bound time,
            CheckSql.Bound eligible,
            CheckSql.Bound reached) {}
}
