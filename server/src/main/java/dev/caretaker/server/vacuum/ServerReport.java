package dev.caretaker.server.vacuum;

import dev.caretaker.server.run.VacuumOptions.Verb;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.Optional;

/** Whether the server has noted that a statement was done: VACUUM and ANALYZE in its statistics, a rewrite in the table's file. */
record ServerReport(Session session, VacuumRequest request, VacuumMemory memory) {
    private static final int LOOKS = 10;

    boolean tellsOfIt() throws SQLException {
        return switch (request.options().verb()) {
            case FULL, REPACK -> isAnotherFile();
            case VACUUM, ANALYZE -> isCounted();
        };
    }

    /** What is counted of the table afterwards is of afterwards. */
    void await() throws SQLException {
        switch (request.options().verb()) {
            case FULL, REPACK -> {}
            case VACUUM, ANALYZE -> isCounted();
        }
    }

    private boolean isAnotherFile() throws SQLException {
        Optional<Long> before = memory.before().map(TableFigures::file);
        Optional<Long> now = TableFigures.read(session, request.oid()).map(TableFigures::file);
        return before.isPresent() && now.isPresent() && !before.equals(now);
    }

    /** Before 15, the counters are up to a second late. */
    private boolean isCounted() throws SQLException {
        boolean seen = looked();
        for (int i = 0; i < LOOKS && !seen && !session.capabilities().reportsStatisticsAtOnce(); i++) {
            Sql.of("SELECT pg_catalog.pg_sleep(0.1)").list(session.connection(), row -> row.getString(1));
            seen = looked();
        }
        return seen;
    }

    private boolean looked() throws SQLException {
        String column = request.options().verb() == Verb.VACUUM ? "vacuumed" : "analyzed";
        return Sql.resource("vacuum/report", memory.started(), memory.started(), Long.toString(request.oid()))
                .first(session.connection(), row -> row.getBoolean(column))
                .orElse(false);
    }
}
