package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.target.ApplicationPath;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs one statement of a step with the settings it needs and in the search_path that an application's code expects (event
 * triggers, index expressions), and resets them afterwards. No statement timeout applies: the
 * run's deadline bounds it.
 */
final class StatementRun {
    private final Session session;
    private final Monitor monitor;
    private final Map<String, String> settings;

    /** @param settings made for the statement and reset afterwards */
    StatementRun(Session session, Monitor monitor, Map<String, String> settings) {
        this.session = session;
        this.monitor = monitor;
        this.settings = settings;
    }

    private record Timeouts(String statement, String lock) {}

    /**
     * How it went.
     *
     * @param warnings what the server said beside the result
     * @param walBytes log that the whole server wrote meanwhile
     */
    record Ran(List<SQLWarning> warnings, long walBytes) {}

    <M extends Record> Ran run(StatementStep<M> step, StatementStep.Run<M> what) throws SQLException {
        StatementStep.Statement statement = what.statement();
        Connection connection = session.connection();
        connection.setAutoCommit(true);
        Map<String, String> as = made(connection);
        Before before = begin(connection, statement);
        try {
            List<SQLWarning> warnings = execute(connection, step, what);
            long position = end(connection, before.timeouts());
            set(connection, as);
            return new Ran(warnings, position - before.walPosition());
        } catch (SQLException | RuntimeException e) {
            restore(connection, before.timeouts(), as, e);
            throw e;
        }
    }

    private <M extends Record> List<SQLWarning> execute(
            Connection connection, StatementStep<M> step, StatementStep.Run<M> what) throws SQLException {
        StatementStep.Statement statement = what.statement();
        connection.setAutoCommit(!statement.transactional());
        monitor.takeOff(session);
        try (Statement prepared = connection.createStatement()) {
            if (statement.transactional()) {
                step.verify(session, what.memory(), statement);
                ApplicationPath.enterLocally(connection);
            }
            prepared.execute(statement.sql());
            List<SQLWarning> warnings = new ArrayList<>();
            for (SQLWarning warning = prepared.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                warnings.add(warning);
            }
            if (statement.transactional()) {
                connection.commit();
            }
            return warnings;
        } finally {
            monitor.land(session);
        }
    }

    /** Makes the settings, and says what they were. */
    private Map<String, String> made(Connection connection) throws SQLException {
        Map<String, String> before = new LinkedHashMap<>();
        for (String name : settings.keySet()) {
            before.put(
                    name,
                    Sql.of("SELECT pg_catalog.current_setting(?)", name).one(connection, row -> row.getString(1)));
        }
        set(connection, settings);
        return before;
    }

    private static void set(Connection connection, Map<String, String> values) throws SQLException {
        for (Map.Entry<String, String> value : values.entrySet()) {
            Sql.of("SELECT pg_catalog.set_config(?, ?, false)", value.getKey(), value.getValue())
                    .one(connection, row -> row.getString(1));
        }
    }

    private static void restore(Connection connection, Timeouts before, Map<String, String> settings, Exception cause) {
        try {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            end(connection, before);
            set(connection, settings);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** What was set, and where the log ended, before the statement. */
    private record Before(Timeouts timeouts, long walPosition) {}

    /** Makes the settings that the statement needs, all in one answer: a small statement is over sooner than two of them. */
    private static Before begin(Connection connection, StatementStep.Statement statement) throws SQLException {
        boolean waits = statement.lockWait() == StatementStep.LockWait.DEADLINE;
        return Sql.resource("run/statement_begin", waits, !statement.transactional())
                .often()
                .one(
                        connection,
                        row -> new Before(
                                new Timeouts(row.getString("statement_timeout"), row.getString("lock_timeout")),
                                row.getLong("wal_position")));
    }

    /** Takes them back; where the log ends now. */
    private static long end(Connection connection, Timeouts before) throws SQLException {
        connection.setAutoCommit(true);
        return Sql.resource("run/statement_end", before.statement(), before.lock())
                .often()
                .one(connection, row -> row.getLong("wal_position"));
    }
}
