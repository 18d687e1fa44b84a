package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.run.StatementStep.Next;
import dev.caretaker.server.run.StatementStep.OverLimit;
import dev.caretaker.server.run.StatementStep.Skip;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.DropObstacles;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What has to hold before a partition is detached: it is as planned, may go, and nothing keeps it from being dropped then. */
final class DropGuard {
    private static final Duration COUNT = Duration.ofSeconds(30);

    private final PartitionDrop drop;
    private final StepContext context;
    private boolean withinLimit;

    DropGuard(PartitionDrop drop, StepContext context) {
        this.drop = drop;
        this.context = context;
    }

    /**
     * What the step does instead; empty if the partition may be detached.
     *
     * @throws CaretakerException RELATION_CHANGED; UNSUPPORTED_RELATION if it cannot be dropped, or not be detached now
     */
    Optional<Next<DropMemory>> refusal(Session session, Partition partition) throws SQLException {
        requireUnchanged(session, partition);
        Optional<String> unfinished = unfinished();
        if (unfinished.isPresent()) {
            return Optional.of(new Skip<>("Partition " + drop.partition() + " stays attached: " + unfinished.get()));
        }
        requireNoOtherDetach(partition);
        requireNoObstacles(session);
        if (Partition.holdsInfinite(session, partition.name(), drop.infinite())) {
            throw changed("got a row of -infinity, which is never removed,");
        }
        Optional<String> excess = withinLimit ? Optional.empty() : excess(session, partition);
        if (excess.isPresent()) {
            return Optional.of(new OverLimit<>(excess.get()));
        }
        withinLimit = true;
        requireNotRefused(session, partition);
        return Optional.empty();
    }

    private void requireUnchanged(Session session, Partition partition) throws SQLException {
        if (drop.concurrently() && partition.parentHasDefault()) {
            throw changed("has a default partition beside it, so that it cannot be detached concurrently,");
        }
        boolean same = RelationState.read(session.connection(), drop.oid())
                .map(state -> state.fingerprint().equals(drop.fingerprint()))
                .orElse(false);
        if (!same) {
            throw changed("was altered (name, bounds, columns, triggers or keys)");
        }
    }

    /** One partition that came to no end is enough. */
    private Optional<String> unfinished() {
        if (context.failedBefore(Reason.DROP_REFUSED)) {
            return Optional.of("another partition of the table could not be dropped.");
        }
        return context.debtsOfOthers().stream()
                .filter(debt -> debt.kind().equals(DetachedPartitionDebt.NAME))
                .findFirst()
                .map(DropGuard::unfinished);
    }

    private static String unfinished(DebtView debt) {
        return "run " + debt.runId() + " has not brought the drop of " + debt.object() + " to an end. " + debt.answer();
    }

    private void requireNoOtherDetach(Partition partition) {
        if (drop.concurrently() && partition.pendingSibling().isPresent()) {
            String sibling = Identifiers.quote(partition.pendingSibling().get());
            throw CaretakerException.of(
                    Reason.UNSUPPORTED_RELATION,
                    "Partition " + drop.partition() + " cannot be detached, because a detach of " + sibling
                            + " was begun and not finished. ALTER TABLE " + Identifiers.quote(drop.parent())
                            + " DETACH PARTITION " + sibling + " FINALIZE; finishes it.",
                    details());
        }
    }

    private void requireNoObstacles(Session session) throws SQLException {
        List<String> obstacles =
                DropObstacles.find(session.connection(), List.of(drop.oid())).getOrDefault(drop.oid(), List.of());
        if (!obstacles.isEmpty()) {
            throw CaretakerException.of(
                    Reason.UNSUPPORTED_RELATION,
                    "Partition " + drop.partition() + " cannot be dropped and stays attached: "
                            + String.join("; ", obstacles) + ".",
                    details());
        }
    }

    /** Event triggers are code of users, which can refuse anything: only trying tells. */
    private void requireNotRefused(Session session, Partition partition) throws SQLException {
        List<String> triggers = DropObstacles.eventTriggers(session.connection());
        if (triggers.isEmpty()) {
            return;
        }
        Optional<SQLException> refused = DropObstacles.tried(session, removal(partition));
        if (refused.isPresent()) {
            throw CaretakerException.of(
                    DeleteErrors.isKeyViolation(refused.get())
                            ? Reason.PINNED_BY_FOREIGN_KEY
                            : Reason.UNSUPPORTED_RELATION,
                    "Partition " + drop.partition() + " cannot be dropped and stays attached: "
                            + PostgresErrors.whole(refused.get()),
                    details(),
                    refused.get());
        }
    }

    private static List<String> removal(Partition partition) {
        String name = Identifiers.quote(partition.name());
        return List.of(
                "ALTER TABLE " + Identifiers.quote(partition.parent().orElseThrow()) + " DETACH PARTITION " + name,
                "DROP TABLE " + name);
    }

    /**
     * Why the partition may not go by the policy's row limit: counted while it is attached, so that it is still whole if it
     * is to stay. Whoever writes into it from here until it is detached is not seen.
     */
    private Optional<String> excess(Session session, Partition partition) throws SQLException {
        long left = context.rowsLeft();
        if (left == Long.MAX_VALUE) {
            return Optional.empty();
        }
        String some = "SELECT FROM " + Identifiers.quote(partition.name());
        String count = "SELECT pg_catalog.count(*) FROM (" + some + " LIMIT " + (left + 1) + ") AS counted";
        Optional<Long> counted =
                TimeLimit.within(session, COUNT, () -> Sql.of(count).one(session.connection(), row -> row.getLong(1)));
        long rows = counted.isPresent() ? counted.get() : expected(session, some);
        if (rows <= left) {
            return Optional.empty();
        }
        if (left == 0) {
            return Optional.of("Partition " + drop.partition() + " stays: the row limit of its policy is used up.");
        }
        String estimate = counted.isPresent() ? "" : "about " + Amounts.count(rows, "row", "rows") + ", ";
        return Optional.of("Partition " + partition.name() + " stays: it holds " + estimate + "more than the "
                + Amounts.count(left, "row", "rows") + " that the row limit of its policy still allows.");
    }

    /** As the server's planner expects them from the size of the partition now. */
    static long expected(Session session, String query) throws SQLException {
        return Sql.of(query)
                .explain(session.connection(), "")
                .path("Plan")
                .path("Plan Rows")
                .asLong();
    }

    CaretakerException changed(String what) {
        return CaretakerException.of(
                Reason.RELATION_CHANGED,
                "Partition " + drop.partition() + " " + what + " since it was planned.",
                details());
    }

    Map<String, String> details() {
        return Map.of(
                "table", drop.partition().toString(), "parent", drop.parent().toString());
    }
}
