package dev.caretaker.server.target;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a transaction that changes partitions waits for its locks: for the first a tenth of a second, after some failures up to
 * a second, and for all of them together no longer than a second, since whoever comes after it waits as long. Between two tries the
 * engine rests, and gives up after some. One such transaction at a time at a target: several that want the same lock hold up
 * whoever comes after them one after the other.
 */
public final class LockLadder {
    /** First key of the advisory lock under which partitions are changed: "CARD" in ASCII; the second one is 0. */
    private static final int TURN = 0x43415244;

    /** As GitLab climbs it ({@code WithPartitioningLockRetries}); milliseconds. */
    private static final int[] WAITS = {100, 100, 200, 300, 400, 500, 500, 500, 1_000};

    /** Of all locks of one transaction, in milliseconds. */
    private static final long TOGETHER = 1_000;
    /** For a lock that comes after others; in milliseconds. */
    private static final long LEAST = 10;

    private static final Duration TURN_WAIT = Duration.ofSeconds(5);
    private static final int MOST_TOLD = 3;

    private final String what;
    private Optional<Session> session = Optional.empty();
    private List<Long> wanted = List.of();
    private boolean waitsForTurn;
    private int failures;
    private long most;
    private long began;

    /** @param what is done, for messages: "attach public.events_2025_01" */
    public LockLadder(String what) {
        this.what = what;
    }

    /** How often a lock was not had. */
    public int failures() {
        return failures;
    }

    /**
     * At the beginning of a transaction: sets how long it waits for its next lock.
     *
     * @param relations those whose locks it may have to wait for
     */
    public void begin(Session on, List<Long> relations) throws SQLException {
        session = Optional.of(on);
        wanted = relations;
        waitsForTurn = false;
        int step = WAITS[Math.min(failures, WAITS.length - 1)];
        most = step == WAITS[WAITS.length - 1]
                ? step
                : (long) (step * ThreadLocalRandom.current().nextDouble(0.8, 1.2));
        waitAtMost(most);
        began = System.nanoTime();
    }

    /** Waits until no other transaction changes partitions; to be had before the first lock that others would wait for. */
    public void takeTurn() throws SQLException {
        waitsForTurn = true;
        waitAtMost(TURN_WAIT.toMillis());
        Sql.of("SELECT pg_catalog.pg_advisory_xact_lock(?, 0)", TURN)
                .first(session.orElseThrow().connection(), row -> "");
        waitsForTurn = false;
        waitAtMost(most);
        began = System.nanoTime();
    }

    /**
     * Its main lock is had: those that come now are waited for while others wait for that one. So they share what is left of
     * the second.
     *
     * @param others how many locks come now
     */
    public void share(int others) throws SQLException {
        if (others > 0) {
            long left = TOGETHER - Duration.ofNanos(System.nanoTime() - began).toMillis();
            waitAtMost(Math.clamp(left / others, LEAST, Math.max(LEAST, most)));
        }
    }

    /** What an error means, if it is that a lock was not had: who stood in the way. It may be tried again. */
    public Optional<CaretakerException> explain(SQLException error) {
        if (!PostgresErrors.LOCK_NOT_AVAILABLE.equals(error.getSQLState())) {
            return Optional.empty();
        }
        failures++;
        String holders = waitsForTurn ? "another step changes partitions at this target" : holders();
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
                            "target/lock_holders", on.connection().createArrayOf("int8", wanted.toArray()))
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

    private void waitAtMost(long milliseconds) throws SQLException {
        Sql.of("SELECT pg_catalog.set_config('lock_timeout', ?, true)", milliseconds + "ms")
                .one(session.orElseThrow().connection(), row -> row.getString(1));
    }
}
