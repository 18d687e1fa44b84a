package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a statement waits for its locks: a tenth of a second at first, never more than a second, since whoever comes after it
 * waits as long. Between two tries the engine rests, and gives up after some. One statement at a time at a target: several that
 * want the same lock hold up whoever comes after them one after the other.
 */
final class Ladder {
    /** First key of the advisory lock under which partitions are changed: "CARD" in ASCII; the second one is 0. */
    static final int TURN = 0x43415244;

    /** As GitLab climbs it ({@code WithPartitioningLockRetries}); milliseconds. */
    private static final int[] WAITS = {100, 100, 200, 300, 400, 500, 500, 500, 1_000};

    private static final Duration TURN_WAIT = Duration.ofSeconds(5);
    private static final int MOST_TOLD = 3;

    private final String what;
    private Optional<Session> session = Optional.empty();
    private List<Long> wanted = List.of();
    private boolean inTurn;
    private int failures;

    /** @param what is done, for messages: "attach public.events_2025_01" */
    Ladder(String what) {
        this.what = what;
    }

    /** How often a lock was not had. */
    int failures() {
        return failures;
    }

    /**
     * At the beginning of a transaction: waits for its turn, and sets how long the rest of it waits for locks.
     *
     * @param relations those whose locks it may have to wait for
     */
    void climb(Session on, List<Long> relations) throws SQLException {
        session = Optional.of(on);
        wanted = relations;
        inTurn = false;
        set(on, TURN_WAIT.toMillis());
        Sql.of("SELECT pg_catalog.pg_advisory_xact_lock(?, 0)", TURN).first(on.connection(), row -> "");
        inTurn = true;
        int most = WAITS[Math.min(failures, WAITS.length - 1)];
        set(
                on,
                most == WAITS[WAITS.length - 1]
                        ? most
                        : (long) (most * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
    }

    /** What an error means, if it is that a lock was not had: who stood in the way. It may be tried again. */
    Optional<CaretakerException> explain(SQLException error) {
        if (!PostgresErrors.LOCK_NOT_AVAILABLE.equals(error.getSQLState())) {
            return Optional.empty();
        }
        failures++;
        String holders = inTurn ? holders() : "another step changes partitions at this target";
        return Optional.of(CaretakerException.of(
                Reason.LOCK_NOT_AVAILABLE,
                "Could not " + what + " in time: " + holders + ".",
                Map.of("holders", holders),
                error));
    }

    private String holders() {
        try {
            Session on = session.orElseThrow();
            List<String> found = Sql.resource(
                            "partition/upkeep_holders", on.connection().createArrayOf("int8", wanted.toArray()))
                    .list(on.connection(), row -> row.getString("holder"));
            if (found.isEmpty()) {
                return "whoever stood in the way has gone";
            }
            String more = found.size() > MOST_TOLD ? " and " + (found.size() - MOST_TOLD) + " more" : "";
            return String.join(", ", found.subList(0, Math.min(found.size(), MOST_TOLD))) + more;
        } catch (SQLException e) {
            return "who stood in the way cannot be told: " + PostgresErrors.clause(e);
        }
    }

    private static void set(Session session, long milliseconds) throws SQLException {
        Sql.of("SELECT pg_catalog.set_config('lock_timeout', ?, true)", milliseconds + "ms")
                .one(session.connection(), row -> row.getString(1));
    }
}
