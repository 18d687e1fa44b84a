package dev.caretaker.server.target;

import java.sql.SQLException;

/** Locks of backups at a target, which nobody gets past before the backup has ended. */
public final class BackupLocks {
    private BackupLocks() {}

    /** Whether a backup of Caretaker's holds a lock on a relation now, under whatever name of the target it works. */
    public static boolean isBackedUp(Session session, long oid) throws SQLException {
        return Sql.resource("target/backed_up", oid).one(session.connection(), row -> row.getBoolean(1));
    }
}
