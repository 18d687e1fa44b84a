package dev.caretaker.server.store;

import static dev.caretaker.server.store.ControlStore.instant;

import dev.caretaker.server.store.ReportRows.EventLine;
import dev.caretaker.server.store.ReportRows.Lane;
import dev.caretaker.server.store.ReportRows.NotRun;
import dev.caretaker.server.store.ReportRows.PolicyWork;
import dev.caretaker.server.store.ReportRows.RunCount;
import dev.caretaker.server.store.ReportRows.RunLine;
import dev.caretaker.server.store.ReportRows.ScheduleTally;
import dev.caretaker.server.store.ReportRows.SetWork;
import dev.caretaker.server.store.ReportRows.Space;
import dev.caretaker.server.store.ReportRows.Span;
import dev.caretaker.server.store.ReportRows.StateTime;
import dev.caretaker.server.store.ReportRows.Throttle;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** What the control store tells of one run, or of a target over a period. Everything it brings is bounded or summed. */
@Singleton
public class ReportStore {
    private final ControlStore store;

    ReportStore(ControlStore store) {
        this.store = store;
    }

    /**
     * What is asked about.
     *
     * @param since included
     * @param until not included; after {@code since}
     */
    public record Frame(String target, Instant since, Instant until) {
        Object[] and(Object... more) {
            List<Object> all = new ArrayList<>(List.of(target, since, until));
            all.addAll(Arrays.asList(more));
            return all.toArray();
        }
    }

    /** Some of what there is, and how many there are. */
    public record Some<T>(List<T> first, long number) {
        public long leftOut() {
            return number - first.size();
        }
    }

    /** Runs that no other run started, by kind and outcome. */
    public List<RunCount> runCounts(Frame frame) {
        return store.list(
                "report_run_counts",
                row -> new RunCount(
                        RunKind.valueOf(row.getString("kind")),
                        Optional.ofNullable(row.getString("outcome")).map(Outcome::valueOf),
                        row.getLong("runs")),
                frame.and());
    }

    /** The same runs in order of time: first chosen are those that did not end well, then the newest. */
    public List<RunLine> runs(Frame frame, int most) {
        return store.list("report_runs", RunLine::read, frame.and(most));
    }

    /** Runs that a run started. */
    public Some<RunLine> children(UUID runId, int most) {
        return new Some<>(
                store.list("report_children", RunLine::read, runId, most),
                store.first("report_child_count", row -> row.getLong("number"), runId)
                        .orElseThrow());
    }

    /** When work was done, the period in so many slots. */
    public List<Lane> lanes(Frame frame, int slots) {
        return store.list(
                "report_lanes",
                row -> new Lane(
                        RunKind.valueOf(row.getString("kind")),
                        row.getInt("first"),
                        row.getInt("last"),
                        row.getInt("grave")),
                frame.and(slots));
    }

    /** What all work of the period did. */
    public Totals totals(Frame frame) {
        return store.first("report_totals", ReportRows::sums, frame.and()).orElse(Totals.NONE);
    }

    /** What was done for policies, by name. */
    public List<PolicyWork> policies(Frame frame) {
        return store.list("report_policies", PolicyWork::read, frame.and());
    }

    /** What was removed over time; spans in which nothing was are missing. */
    public List<Span> spans(Frame frame, Duration span) {
        return store.list(
                "report_spans",
                row -> new Span(row.getInt("span"), row.getLong("rows_deleted"), row.getLong("bytes_returned")),
                frame.and(span.toSeconds()));
    }

    /** Tables and indexes that were vacuumed, rewritten or rebuilt. */
    public Some<Space> spaces(Frame frame, int most) {
        return some(store.list("report_spaces", Counted.of(Space::read), frame.and(most)));
    }

    /** What became of nominal times, by schedule. */
    public List<ScheduleTally> schedules(Frame frame) {
        return store.list(
                "report_schedules",
                row -> new ScheduleTally(
                        row.getString("schedule"),
                        row.getLong("started"),
                        row.getLong("caught_up"),
                        row.getLong("failed"),
                        row.getLong("skipped"),
                        row.getLong("missed"),
                        row.getLong("refused"),
                        row.getLong("waiting")),
                frame.and());
    }

    /** What did not run or failed, the latest first. */
    public Some<NotRun> notRun(Frame frame, int most) {
        return some(store.list("report_not_run", Counted.of(NotRun::read), frame.and(most)));
    }

    /** What was done for partition sets, by name. */
    public List<SetWork> sets(Frame frame) {
        return store.list("report_sets", SetWork::read, frame.and());
    }

    /** Holds that froze something within the period, newest first. */
    public List<HoldRow> holds(Frame frame, int most) {
        return store.list("report_holds", HoldRow::read, frame.and(most));
    }

    /** Findings that are there and not muted, by severity. */
    public Map<String, Long> openFindings(String target) {
        Map<String, Long> numbers = new TreeMap<>();
        store.list("report_open_findings", row -> Map.entry(row.getString("severity"), row.getLong("number")), target)
                .forEach(entry -> numbers.put(entry.getKey(), entry.getValue()));
        return numbers;
    }

    /** Where the time of a run went, longest first. */
    public List<StateTime> times(UUID runId, Instant until) {
        return store.list(
                "report_times",
                row -> new StateTime(
                        RunState.valueOf(row.getString("state")),
                        row.getLong("times"),
                        Duration.ofMillis(row.getLong("millis")),
                        row.getString("reason")),
                runId,
                runId,
                until);
    }

    /** What made a run wait between batches, longest first. */
    public List<Throttle> throttles(UUID runId) {
        return store.list(
                "report_throttles",
                row -> new Throttle(
                        row.getString("signal"),
                        row.getLong("times"),
                        Duration.ofMillis(row.getLong("millis")),
                        row.getDouble("highest"),
                        row.getDouble("threshold")),
                runId);
    }

    /** Events that people ask for, the oldest. */
    public Some<EventLine> events(UUID runId, int most) {
        return some(store.list(
                "report_events",
                Counted.of(row -> new EventLine(row.getLong("sequence"), instant(row, "at"), row.getString("body"))),
                runId,
                most));
    }

    private static <T> Some<T> some(List<Counted<T>> rows) {
        return new Some<>(
                rows.stream().map(Counted::row).toList(),
                rows.isEmpty() ? 0 : rows.getFirst().number());
    }

    /** A row, and how many there would be without the limit. */
    private record Counted<T>(T row, long number) {
        static <T> ControlStore.RowMapper<Counted<T>> of(ControlStore.RowMapper<T> mapper) {
            return (ResultSet row) -> counted(mapper, row);
        }

        private static <T> Counted<T> counted(ControlStore.RowMapper<T> mapper, ResultSet row) throws SQLException {
            return new Counted<>(mapper.map(row), row.getLong("number"));
        }
    }
}
