package dev.caretaker.server.cleanup.plan.facts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caretaker.server.cleanup.plan.facts.Measured.Probe;
import dev.caretaker.server.cleanup.plan.kept.Estimate.TriggerCost;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures what deletes cost: really deletes at most {@value #ROWS} rows under EXPLAIN ANALYZE in a transaction that is
 * rolled back. Nobody waits long for it: locks and statement have tight timeouts.
 */
final class Probing {
    private static final int ROWS = 200;
    private static final Duration STATEMENT = Duration.ofSeconds(5);
    private static final String LOCK_TIMEOUT = "200ms";

    private final Asking asking;

    Probing(Asking asking) {
        this.asking = asking;
    }

    /** Empty if there was no row to delete. */
    Optional<Probe> probe(Eligibility eligible) throws SQLException {
        String table = Identifiers.quote(eligible.table());
        SqlFragment delete = SqlFragment.of("DELETE FROM ONLY " + table
                        + " AS t WHERE t.ctid OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT t.ctid FROM ONLY " + table
                        + " AS t WHERE ")
                .then("", eligible.predicate())
                .then("", SqlFragment.of(" LIMIT " + ROWS + ")) AND "))
                .then("", eligible.predicate());
        return asking.within(STATEMENT, () -> {
            Sql.of("SELECT pg_catalog.set_config('lock_timeout', ?, true)", LOCK_TIMEOUT)
                    .one(asking.connection(), row -> row.getString(1));
            return read(delete.statement().explain(asking.connection(), "ANALYZE, WAL"));
        });
    }

    private static Optional<Probe> read(JsonNode explained) {
        JsonNode plan = explained.path("Plan");
        long rows = Math.round(plan.path("Plans").path(0).path("Actual Rows").asDouble());
        for (JsonNode child : plan.path("Plans")) {
            if (!child.path("Parent Relationship").asText().equals("InitPlan")) {
                rows = Math.round(child.path("Actual Rows").asDouble());
            }
        }
        if (rows == 0) {
            return Optional.empty();
        }
        List<TriggerCost> triggers = new ArrayList<>();
        double triggerMillis = 0;
        for (JsonNode trigger : explained.path("Triggers")) {
            double millis = trigger.path("Time").asDouble();
            String name = trigger.path("Constraint Name")
                    .asText(trigger.path("Trigger Name").asText());
            triggers.add(new TriggerCost(name, millis(millis * 1_000 / rows)));
            triggerMillis += millis;
        }
        // Finding the rows costs a batch nothing like what it cost here, so only the delete itself and its triggers
        // count.
        double delete = plan.path("Actual Total Time").asDouble() - finding(plan);
        return Optional.of(new Probe(
                rows,
                millis(Math.max(0, delete) + triggerMillis),
                plan.path("WAL Bytes").asLong(),
                triggers));
    }

    private static double finding(JsonNode plan) {
        for (JsonNode child : plan.path("Plans")) {
            if (child.path("Parent Relationship").asText().equals("InitPlan")) {
                return child.path("Actual Total Time").asDouble();
            }
        }
        return 0;
    }

    private static Duration millis(double millis) {
        return Duration.ofNanos(Math.round(millis * 1_000_000));
    }
}
