package dev.caretaker.cli.issues;

import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.CancelQueriesResponse;
import dev.caretaker.v1.LongQuery;

/** Queries that run, and what becomes of each. */
final class QueriesView {
    private QueriesView() {}

    /** @param fate title of the column that says whether a query is cancelled */
    static void show(CancelQueriesResponse answer, String fate, Page page) {
        if (answer.getQueriesCount() == 0) {
            page.line("No query has been running for so long.");
            return;
        }
        Table table = new Table(">PID", ">RUNS FOR", "USER", "APPLICATION", fate, "QUERY");
        for (LongQuery query : answer.getQueriesList()) {
            table.row(
                    Integer.toString(query.getPid()),
                    Human.duration(query.getAge()),
                    query.getUser(),
                    query.getApplication(),
                    query.getReason().isEmpty()
                            ? new Table.Cell("cancelled", Style.CAREFUL)
                            : new Table.Cell("left alone: " + query.getReason(), Style.DIM),
                    query.getQuery().replaceAll("\\s+", " "));
        }
        page.table(table);
    }
}
