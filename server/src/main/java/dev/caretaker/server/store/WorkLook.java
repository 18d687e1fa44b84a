package dev.caretaker.server.store;

import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the control store tells of all work at a glance, for metrics. */
@Singleton
public class WorkLook {
    private final ControlStore store;

    WorkLook(ControlStore store) {
        this.store = store;
    }

    /** Runs of a kind at a target in a state, of those that have not ended. */
    public record OpenRuns(String target, RunKind kind, RunState state, long number) {}

    /** Findings that are there and not muted. */
    public record OpenFindings(String target, String check, String severity, long number) {}

    /**
     * Work that ended well.
     *
     * @param what policy, routine or schedule
     * @param since when it was planned or begun
     * @param at when it ended
     */
    public record Success(String what, String target, String name, Instant since, Instant at) {}

    /** A policy of a target. */
    public record PolicyName(String target, String name) {}

    public List<OpenRuns> runs() {
        return store.list(
                "look_runs",
                row -> new OpenRuns(
                        row.getString("target"),
                        RunKind.valueOf(row.getString("kind")),
                        RunState.valueOf(row.getString("state")),
                        row.getLong("number")));
    }

    /**
     * Archives of a target that are not deleted.
     *
     * @param state open, sealed, stored or damaged
     * @param rows in them; 0 while they are open
     * @param bytes as they are stored
     */
    public record KeptArchives(String target, String state, long number, long rows, long bytes) {}

    public List<KeptArchives> archives() {
        return store.list(
                "look_archives",
                row -> new KeptArchives(
                        row.getString("target"),
                        row.getString("state"),
                        row.getLong("number"),
                        row.getLong("row_count"),
                        row.getLong("bytes")));
    }

    /**
     * Bytes of archives of each target, as they are stored, that are not at their destination yet, were found damaged, or were verified
     * longer ago than that or never.
     */
    public Map<String, Long> unverified(Duration within) {
        return store
                .list(
                        "look_unverified",
                        row -> Map.entry(row.getString("target"), row.getLong("bytes")),
                        within.toMillis())
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    public List<OpenFindings> findings() {
        return store.list(
                "look_findings",
                row -> new OpenFindings(
                        row.getString("target"),
                        row.getString("check_id"),
                        row.getString("severity"),
                        row.getLong("number")));
    }

    /** Policies and routines whose work ended well after an instant; one may come twice, of a run that is kept and of a forgotten one. */
    public List<Success> successes(Instant after) {
        return store.list("look_successes", row -> success(row, row.getString("what"), "since"), after, after);
    }

    /** Schedules that ever had success, by target. */
    public List<Success> schedules() {
        return store.list("look_schedules", row -> success(row, "schedule", "at"));
    }

    /** All that there are. */
    public List<String> scheduleNames() {
        return store.list("look_schedule_names", row -> row.getString("name"));
    }

    public Set<PolicyName> policies() {
        return store
                .list("look_policies", row -> new PolicyName(row.getString("target"), row.getString("name")))
                .stream()
                .collect(Collectors.toSet());
    }

    private static Success success(ResultSet row, String what, String since) throws SQLException {
        return new Success(
                what,
                row.getString("target"),
                row.getString("name"),
                ControlStore.instant(row, since),
                ControlStore.instant(row, "at"));
    }
}
