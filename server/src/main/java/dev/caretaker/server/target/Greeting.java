package dev.caretaker.server.target;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/**
 * Who answers on a fresh connection. Reading it changes nothing.
 *
 * @param wirePid process id that was told when the connection was made: a proxy's invention if there is one
 * @param backendPid process id of the backend that answered
 * @param versionNumber server_version_num
 * @param usableConnections connections that the server has for roles without privileges
 * @param readOnly whether transactions are read-only by default although the server is no standby
 */
record Greeting(
        int wirePid,
        int backendPid,
        int versionNumber,
        boolean inRecovery,
        boolean readOnly,
        String role,
        int usableConnections) {

    static Greeting read(Connection connection) throws SQLException {
        int wirePid = connection.unwrap(PGConnection.class).getBackendPID();
        return Sql.resource("target/greeting")
                .one(
                        connection,
                        row -> new Greeting(
                                wirePid,
                                row.getInt("backend_pid"),
                                row.getInt("version_number"),
                                row.getBoolean("in_recovery"),
                                row.getBoolean("read_only"),
                                row.getString("role"),
                                row.getInt("usable_connections")));
    }

    boolean isProxied() {
        return wirePid != backendPid;
    }
}
