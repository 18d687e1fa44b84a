package dev.caretaker.server.vacuum;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.StatementStep.Done;
import dev.caretaker.server.run.StatementStep.Failed;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells what a VACUUM (ANALYZE) did that failed: VACUUM ends in transactions of its own, and ANALYZE, which comes after it, computes
 * the expressions of indexes and of statistics, each of which may fail.
 */
final class AnalyzeFailure {
    private final VacuumRequest request;
    private final VacuumOutcome outcome;
    private final Optional<SQLException> error;

    /** @param error what the server reported; empty for a process that has only the words of it */
    AnalyzeFailure(VacuumRequest request, Totals deleted, long changed, Optional<SQLException> error) {
        this.request = request;
        this.outcome = new VacuumOutcome(request, deleted, changed);
        this.error = error;
    }

    /** @param table as it was before the server's report was awaited */
    Failed<VacuumMemory> of(Session session, VacuumMemory memory, TableFigures table) throws SQLException {
        String why = memory.failed().orElseThrow();
        if (!new ServerReport(session, request, memory).tellsOfIt()) {
            return failed(Totals.NONE, "Table " + request.table() + " was not done: " + why, List.of());
        }
        List<String> expressions = Sql.resource(
                        "vacuum/expressions", Long.toString(request.oid()), Long.toString(request.oid()))
                .list(session.connection(), row -> row.getString("object"));
        TableFigures after = TableFigures.read(session, request.oid()).orElse(table);
        Done<VacuumMemory> done = outcome.of(session, memory, after);
        String computed =
                expressions.isEmpty() ? "" : " It computes the expressions of " + String.join(", ", expressions) + ".";
        return failed(done.totals(), done.message() + " But its ANALYZE failed: " + why + computed, expressions);
    }

    private Failed<VacuumMemory> failed(Totals totals, String message, List<String> expressions) {
        Map<String, String> details = error.map(PostgresErrors::details).orElseGet(LinkedHashMap::new);
        details.put("table", request.table().toString());
        if (!expressions.isEmpty()) {
            details.put("expressions", String.join(", ", expressions));
        }
        return new Failed<>(
                totals,
                error.map(known -> CaretakerException.of(Reason.STATEMENT_FAILED, message, details, known))
                        .orElseGet(() -> CaretakerException.of(Reason.STATEMENT_FAILED, message, details)));
    }
}
