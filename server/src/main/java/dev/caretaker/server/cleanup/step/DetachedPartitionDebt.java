package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.run.Debt;
import dev.caretaker.server.run.DebtKind;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.DropObstacles;
import dev.caretaker.server.target.catalog.TableKeys;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A partition that was detached to be dropped: its rows are invisible through the table as long as it is neither dropped nor
 * attached again. Settled as the step would have done it: the detach is finished and the partition dropped; where Postgres refuses
 * that, for good, it is attached again.
 */
@Singleton
public final class DetachedPartitionDebt implements DebtKind<PartitionPlace> {
    static final String NAME = "partition-drop";

    static Debt of(PartitionPlace place, TableName table) {
        return new Debt(
                NAME,
                place.partition(),
                table,
                place.oid(),
                "Partition " + place.partition() + " was to be detached from " + place.parent()
                        + " and dropped; as long as it is detached and not dropped, its rows are missing in the table.",
                place);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<PartitionPlace> detailType() {
        return PartitionPlace.class;
    }

    @Override
    public boolean excludesReaders() {
        return true;
    }

    @Override
    public Settlement settle(Session session, PartitionPlace place, Duration longest) throws SQLException {
        set(session, "statement_timeout", Long.toString(longest.toMillis()));
        Optional<Partition> found = Partition.read(session, place.oid());
        if (found.isEmpty()) {
            return new Settled("Partition " + place.partition() + " is dropped.");
        }
        Partition partition = found.get();
        if (!partition.name().equals(place.partition())) {
            return theirs(place, "was renamed");
        }
        if (partition.isAttached() && partition.parentOid() != place.parentOid()) {
            return theirs(place, "was attached to " + partition.parent().orElseThrow());
        }
        if (partition.pending()) {
            finish(session, place);
        } else if (partition.isAttached()) {
            return new Settled("Partition " + place.partition() + " is attached, with all of its rows.");
        }
        try {
            return drop(session, place);
        } catch (DetachedPartition.Theirs e) {
            return theirs(place, e.getMessage());
        } catch (CaretakerException e) {
            return new StillOpen(e.getMessage());
        }
    }

    /** Waits for old snapshots; broken off, it is as pending as before. */
    private static void finish(Session session, PartitionPlace place) throws SQLException {
        String before = set(session, "lock_timeout", "0");
        Sql.of(place.detach() + " FINALIZE").update(session.connection());
        set(session, "lock_timeout", before);
    }

    private static Settlement drop(Session session, PartitionPlace place)
            throws SQLException, DetachedPartition.Theirs {
        List<String> obstacles =
                DropObstacles.find(session.connection(), List.of(place.oid())).getOrDefault(place.oid(), List.of());
        if (!obstacles.isEmpty()) {
            return attach(session, place, String.join("; ", obstacles) + ".");
        }
        try {
            // Dropping the table with its foreign keys would lock all referenced tables at once.
            for (String key : TableKeys.own(session.connection(), place.oid())) {
                inTransaction(session, place, place.dropConstraint(key), false);
            }
            inTransaction(session, place, place.drop(), true);
            return new Settled("Partition " + place.partition() + " was dropped.");
        } catch (SQLException e) {
            if (mayPass(e)) {
                throw e;
            }
            return attach(session, place, PostgresErrors.whole(e));
        }
    }

    private static Settlement attach(Session session, PartitionPlace place, String refusal)
            throws SQLException, DetachedPartition.Theirs {
        String dropped = "Partition " + place.partition() + " cannot be dropped: " + refusal;
        try {
            inTransaction(session, place, place.attach(), false);
        } catch (SQLException e) {
            if (mayPass(e)) {
                throw e;
            }
            return new StillOpen(dropped + " Nor can it be attached again: " + PostgresErrors.whole(e));
        }
        return attached(session, place, dropped + " It was attached again, with all of its rows.");
    }

    private static Settlement attached(Session session, PartitionPlace place, String how) throws SQLException {
        Optional<String> added = DetachedPartition.addedCheck(session, place);
        if (added.isPresent()) {
            Sql.of(place.dropConstraint(added.get())).update(session.connection());
        }
        return new Settled(how);
    }

    private static void inTransaction(Session session, PartitionPlace place, String sql, boolean dropping)
            throws SQLException, DetachedPartition.Theirs {
        Connection connection = session.connection();
        connection.setAutoCommit(false);
        try {
            new DetachedPartition(place).verify(session, dropping);
            Sql.of(sql).update(connection);
            connection.commit();
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private static boolean mayPass(SQLException e) {
        return PostgresErrors.isConnectionLoss(e) || PostgresErrors.isRetryable(e);
    }

    private static Settled theirs(PartitionPlace place, String what) {
        return new Settled("Partition " + place.partition() + " " + what + " by somebody, and is left to them.");
    }

    /** Returns what it was before. */
    private static String set(Session session, String name, String value) throws SQLException {
        String before =
                Sql.of("SELECT pg_catalog.current_setting(?)", name).one(session.connection(), row -> row.getString(1));
        Sql.of("SELECT pg_catalog.set_config(?, ?, false)", name, value)
                .one(session.connection(), row -> row.getString(1));
        return before;
    }
}
