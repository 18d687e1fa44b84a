package dev.caretaker.server.vacuum;

import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** Who else has to do with a table right now. */
record TableUse(List<User> users) {

    /**
     * A session that holds or awaits a lock on it.
     *
     * @param who role and application, or the kind of background process
     */
    record User(int pid, String who, String mode, boolean granted, boolean autovacuum) {
        @Override
        public String toString() {
            return who + " (pid " + pid + ") " + (granted ? "holds " : "waits for ") + mode;
        }
    }

    static TableUse of(Session session, long oid) throws SQLException {
        return new TableUse(Sql.resource("vacuum/busy", Long.toString(oid))
                .list(
                        session.connection(),
                        row -> new User(
                                row.getInt("pid"),
                                row.getString("who"),
                                row.getString("mode"),
                                row.getBoolean("granted"),
                                row.getBoolean("autovacuum"))));
    }

    boolean inUse() {
        return !users.isEmpty();
    }

    boolean byAutovacuum() {
        return users.stream().anyMatch(User::autovacuum);
    }

    /** The three that matter most, as a sentence; empty if there is none any more. */
    String sentence() {
        return users.isEmpty()
                ? ""
                : " " + users.stream().limit(3).map(User::toString).collect(Collectors.joining(", ")) + ".";
    }
}
