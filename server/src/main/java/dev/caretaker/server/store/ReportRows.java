package dev.caretaker.server.store;

import static dev.caretaker.server.store.ControlStore.instant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lines of what {@link ReportStore} tells. */
public final class ReportRows {
    private ReportRows() {}

    /** Runs of one kind that ended in one way; without an outcome they have not ended. */
    public record RunCount(RunKind kind, Optional<Outcome> outcome, long runs) {}

    /**
     * A run in a line.
     *
     * @param subjects routine, policies, sets or tables, at most five
     * @param message why it failed, or what it waits for; may be empty
     */
    public record RunLine(
            UUID id,
            RunKind kind,
            RunState state,
            Optional<Outcome> outcome,
            List<String> subjects,
            String actor,
            Instant created,
            Optional<Instant> started,
            Optional<Instant> ended,
            long rowsDeleted,
            long bytesReturned,
            int steps,
            String message) {

        static RunLine read(ResultSet row) throws SQLException {
            return new RunLine(
                    row.getObject("run_id", UUID.class),
                    RunKind.valueOf(row.getString("kind")),
                    RunState.valueOf(row.getString("state")),
                    Optional.ofNullable(row.getString("outcome")).map(Outcome::valueOf),
                    Arrays.asList((String[]) row.getArray("subjects").getArray()),
                    row.getString("actor"),
                    instant(row, "created"),
                    Optional.ofNullable(instant(row, "started")),
                    Optional.ofNullable(instant(row, "ended")),
                    row.getLong("rows_deleted"),
                    row.getLong("bytes_returned"),
                    row.getInt("steps"),
                    row.getString("message"));
        }
    }

    /**
     * Slots in which runs of a kind were at work.
     *
     * @param grave how they ended: 0 well, 1 not yet, then as {@link #GRAVE} has it
     */
    public record Lane(RunKind kind, int first, int last, int grave) {}

    /** Outcomes by how grave they are in {@link Lane}, from 2 on. */
    public static final List<Outcome> GRAVE =
            List.of(Outcome.RESIDUAL, Outcome.PINNED, Outcome.DEADLINE, Outcome.CANCELLED, Outcome.FAILED);

    /**
     * What was done for a policy.
     *
     * @param totals without time, samples and cascades by table
     * @param completed when a run last completed it
     */
    public record PolicyWork(
            String policy,
            TableName table,
            long runs,
            long runsNotComplete,
            Totals totals,
            Optional<Instant> completed) {

        static PolicyWork read(ResultSet row) throws SQLException {
            return new PolicyWork(
                    row.getString("policy"),
                    new TableName(row.getString("total_schema"), row.getString("total_table")),
                    row.getLong("runs"),
                    row.getLong("runs_not_complete"),
                    sums(row),
                    Optional.ofNullable(instant(row, "complete_time")));
        }
    }

    /** What was removed in a span of the period, by its number from 0. */
    public record Span(int number, long rowsDeleted, long bytesReturned) {}

    /** What work of one kind did to a table or index: before the first time, and after the last. */
    public record Space(
            TableName relation,
            String work,
            long times,
            long bytesBefore,
            long bytesAfter,
            long bytesReturned,
            long deadBefore,
            long deadAfter) {

        static Space read(ResultSet row) throws SQLException {
            return new Space(
                    new TableName(row.getString("schema_name"), row.getString("table_name")),
                    row.getString("kind"),
                    row.getLong("times"),
                    row.getLong("bytes_before"),
                    row.getLong("bytes_after"),
                    row.getLong("bytes_returned"),
                    row.getLong("dead_before"),
                    row.getLong("dead_after"));
        }
    }

    /** What became of the nominal times of a schedule. {@code caughtUp} and {@code failed} are part of {@code started}. */
    public record ScheduleTally(
            String schedule,
            long started,
            long caughtUp,
            long failed,
            long skipped,
            long missed,
            long refused,
            long waiting) {
        /** What became of those of all of them, under no name. */
        public static ScheduleTally sum(List<ScheduleTally> all) {
            return all.stream().reduce(new ScheduleTally("", 0, 0, 0, 0, 0, 0, 0), ScheduleTally::plus);
        }

        private ScheduleTally plus(ScheduleTally other) {
            return new ScheduleTally(
                    schedule,
                    started + other.started,
                    caughtUp + other.caughtUp,
                    failed + other.failed,
                    skipped + other.skipped,
                    missed + other.missed,
                    refused + other.refused,
                    waiting + other.waiting);
        }
    }

    /** Times at which a schedule did not run, or its run failed, for the same reason. */
    public record NotRun(
            String schedule,
            FireOutcome outcome,
            String reason,
            String message,
            long times,
            Instant first,
            Instant last) {

        static NotRun read(ResultSet row) throws SQLException {
            return new NotRun(
                    row.getString("schedule"),
                    FireOutcome.valueOf(row.getString("outcome")),
                    row.getString("reason"),
                    row.getString("message"),
                    row.getLong("times"),
                    instant(row, "first_time"),
                    instant(row, "last_time"));
        }
    }

    /** What was done for a partition set, and what of it is held now. */
    public record SetWork(
            String set,
            boolean exists,
            long created,
            long detached,
            long dropped,
            long bytesDropped,
            long attached,
            long held,
            long bytesHeld) {

        static SetWork read(ResultSet row) throws SQLException {
            return new SetWork(
                    row.getString("set_name"),
                    row.getBoolean("exists"),
                    row.getLong("created"),
                    row.getLong("detached"),
                    row.getLong("dropped"),
                    row.getLong("bytes_dropped"),
                    row.getLong("attached"),
                    row.getLong("held"),
                    row.getLong("bytes_held"));
        }
    }

    /** Time that a run spent in a state, and why, as of the longest stay. */
    public record StateTime(RunState state, long times, Duration time, String reason) {}

    /** Waits for one signal. */
    public record Throttle(String signal, long times, Duration waited, double highest, double threshold) {}

    /** An event in JSON. */
    public record EventLine(long sequence, Instant at, String body) {}

    static Totals sums(ResultSet row) throws SQLException {
        return new Totals(
                row.getLong("rows_deleted"),
                row.getBoolean("rows_exact"),
                row.getLong("rows_cascaded"),
                List.of(),
                row.getLong("rows_pinned"),
                row.getLong("rows_residual"),
                row.getLong("bytes_deleted"),
                row.getLong("bytes_reusable"),
                row.getLong("bytes_returned"),
                row.getLong("wal_bytes"),
                row.getLong("batches"),
                row.getLong("retries"),
                Duration.ZERO,
                List.of(),
                Totals.Space.NONE,
                archived(row.getString("archived")),
                Totals.Restored.NONE);
    }

    private static List<Totals.Archived> archived(@Nullable String json) {
        return json == null ? List.of() : List.of(Json.read(json, Totals.Archived[].class));
    }
}
