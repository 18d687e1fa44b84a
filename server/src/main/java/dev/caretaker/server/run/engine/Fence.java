package dev.caretaker.server.run.engine;

import dev.caretaker.server.target.BackendIdentity;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * The advisory lock that keeps two workers from one relation. A session of this very run that still holds it belongs to a
 * server that lost the lease (dead, stopped, cut off): it is terminated, which rolls back whatever it had not committed.
 */
final class Fence {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration STEP = Duration.ofMillis(50);

    private final Session session;
    private final String applicationName;

    /** @param applicationName of all sessions of this run */
    Fence(Session session, String applicationName) {
        this.session = session;
        this.applicationName = applicationName;
    }

    /**
     * @param backendStart empty if the role may not see it, because the session is another role's
     * @param relation name of what is fenced; empty if it is no relation, or was dropped
     * @param whole whether it is the whole database, as of a backup
     */
    private record Holder(
            int pid,
            String applicationName,
            Optional<Instant> backendStart,
            Optional<String> relation,
            boolean whole) {}

    /**
     * Takes the fence.
     *
     * @param oid relation
     * @return who holds it if somebody else does, as a sentence
     */
    Optional<String> take(long oid) throws SQLException {
        long patience = System.nanoTime() + PATIENCE.toNanos();
        while (!session.tryFence(oid)) {
            List<Holder> holders = holders(oid);
            List<Holder> orphans = holders.stream()
                    .filter(holder -> applicationName.equals(holder.applicationName())
                            && holder.backendStart().isPresent())
                    .toList();
            if (System.nanoTime() > patience || (orphans.isEmpty() && !holders.isEmpty())) {
                return Optional.of(describe(oid, holders));
            }
            for (Holder orphan : orphans) {
                terminate(session, orphan.pid(), orphan.backendStart().orElseThrow());
            }
            Waits.sleep(STEP);
        }
        return Optional.empty();
    }

    /** Terminates a backend that may still work for an earlier lease and waits until it is gone. */
    static void evict(Session session, BackendIdentity orphan) throws SQLException {
        if (orphan.pid() == session.identity().pid()
                && orphan.backendStart().equals(session.identity().backendStart())) {
            return;
        }
        long patience = System.nanoTime() + PATIENCE.toNanos();
        while (terminate(session, orphan.pid(), orphan.backendStart())) {
            if (System.nanoTime() > patience) {
                throw new SQLException(
                        "backend " + orphan.pid() + " of an earlier lease does not end when terminated",
                        PostgresErrors.LOCK_NOT_AVAILABLE);
            }
            Waits.sleep(STEP);
        }
    }

    /** False if there was nothing left to terminate. */
    private static boolean terminate(Session session, int pid, Instant backendStart) throws SQLException {
        return Sql.resource("run/terminate_backend", pid, backendStart.atOffset(ZoneOffset.UTC))
                .first(session.connection(), row -> row.getBoolean("terminated"))
                .isPresent();
    }

    private List<Holder> holders(long oid) throws SQLException {
        return Sql.resource("run/fence_holder", (long) Session.FENCE_CLASS, oid)
                .list(
                        session.connection(),
                        row -> new Holder(
                                row.getInt("pid"),
                                row.getString("application_name"),
                                Optional.ofNullable(row.getObject("backend_start", OffsetDateTime.class))
                                        .map(OffsetDateTime::toInstant),
                                Optional.ofNullable(row.getString("relation")),
                                row.getBoolean("whole")));
    }

    private static String describe(long oid, List<Holder> holders) {
        Optional<Holder> first = holders.stream().findFirst();
        String who = first.map(holder -> holder.applicationName() + " (pid " + holder.pid() + ")")
                .orElse("another session");
        if (oid == 0) {
            return "A routine begins one of its parts: " + who + ".";
        }
        String fenced = first.filter(Holder::whole).isPresent() ? "The whole database" : "The table with oid " + oid;
        String what =
                first.flatMap(Holder::relation).map(name -> "Table " + name).orElse(fenced);
        return what + " is being worked on by " + who + ".";
    }
}
