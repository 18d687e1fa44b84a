package dev.caretaker.server.detect;

import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds queries that run for long, and cancels them on request. Left alone are replication, autovacuum, dumps, VACUUM and
 * its like, index builds, Caretaker's own sessions, and whom the caller excludes. What is cancelled is exactly the query
 * that was judged: the statement that cancels tests once more that its session still runs it.
 */
@Singleton
public class LongQueries {
    private final Targets targets;

    public LongQueries(Targets targets) {
        this.targets = targets;
    }

    /**
     * What to look for.
     *
     * @param olderThan shortest run time
     * @param cancel whether to cancel what may be; else it is only listed
     * @param excludedUsers users whose queries are left alone
     * @param excludedApplications application names whose queries are left alone
     */
    public record Request(
            String target,
            Duration olderThan,
            boolean cancel,
            List<String> excludedUsers,
            List<String> excludedApplications) {}

    /**
     * A query that runs long.
     *
     * @param query at most 1,000 characters
     * @param reason why it was left alone; empty if it was cancelled, or would have been
     */
    public record LongQuery(
            int pid, String user, String application, Duration age, String query, boolean cancelled, String reason) {}

    /** The longest running first. Fails with TARGET_NOT_FOUND, and with what opening a connection to the primary may bring. */
    public List<LongQuery> find(Request request) {
        Target target = targets.get(request.target());
        return target.withPrimary(connection -> {
            List<LongQuery> result = new ArrayList<>();
            for (Candidate candidate : candidates(connection, request)) {
                boolean wanted = request.cancel() && candidate.found().reason().isEmpty();
                result.add(wanted ? cancel(connection, candidate, request.olderThan()) : candidate.found());
            }
            return result;
        });
    }

    /** A query and what tells it from a later one of the same process id. */
    private record Candidate(LongQuery found, OffsetDateTime backendStart, OffsetDateTime queryStart) {}

    private static List<Candidate> candidates(Connection connection, Request request) throws SQLException {
        return Sql.resource(
                        "detect/long_queries",
                        connection.createArrayOf("text", request.excludedUsers().toArray()),
                        connection.createArrayOf(
                                "text", request.excludedApplications().toArray()),
                        seconds(request.olderThan()))
                .list(
                        connection,
                        row -> new Candidate(
                                new LongQuery(
                                        row.getInt("pid"),
                                        row.getString("user_name"),
                                        row.getString("application"),
                                        Duration.ofMillis(Math.round(row.getDouble("seconds") * 1_000)),
                                        row.getString("query"),
                                        false,
                                        row.getString("reason")),
                                row.getObject("backend_start", OffsetDateTime.class),
                                row.getObject("query_start", OffsetDateTime.class)));
    }

    private static LongQuery cancel(Connection connection, Candidate candidate, Duration olderThan)
            throws SQLException {
        LongQuery found = candidate.found();
        try {
            Optional<Boolean> sent = Sql.resource(
                            "detect/cancel_query",
                            found.pid(),
                            candidate.backendStart(),
                            candidate.queryStart(),
                            seconds(olderThan))
                    .first(connection, row -> row.getBoolean(1));
            return sent.orElse(false) ? with(found, true, "") : with(found, false, "it ended before it was cancelled");
        } catch (SQLException e) {
            if (!PostgresErrors.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                throw e;
            }
            return with(found, false, PostgresErrors.whole(e));
        }
    }

    private static LongQuery with(LongQuery found, boolean cancelled, String reason) {
        return new LongQuery(
                found.pid(), found.user(), found.application(), found.age(), found.query(), cancelled, reason);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }
}
