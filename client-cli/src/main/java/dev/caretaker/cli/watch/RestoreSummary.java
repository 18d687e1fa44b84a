package dev.caretaker.cli.watch;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.RunTotals;
import dev.caretaker.v1.TableTotals;
import java.util.List;

/** What became of rows of an archive that were to come back. */
final class RestoreSummary {
    /** Kind of the step that loads rows. */
    private static final String STEP = "restore-rows";

    private RestoreSummary() {}

    /** Whether rows were read that were to come back. */
    static boolean isOne(RunTotals totals) {
        return totals.getRowsRestored() > 0 || totals.getRowsLeftOut() > 0;
    }

    static boolean isStep(RunStep step) {
        return step.getKind().equals(STEP);
    }

    /** "2,000 rows restored, 3 left out". */
    static String rows(RunTotals totals) {
        return Human.rows(totals.getRowsRestored()) + " restored"
                + (totals.getRowsLeftOut() == 0 ? "" : ", " + Human.count(totals.getRowsLeftOut()) + " left out");
    }

    /** One line for each table, and their sum. */
    static Table tables(List<TableTotals> tables, RunTotals sum) {
        Table table = new Table("TABLE", ">RESTORED", ">LEFT OUT", "?>WAL", "?>BATCHES", ">WORKED");
        tables.forEach(totals -> row(table, Names.table(totals.getTable()), totals.getTotals()));
        if (tables.size() > 1) {
            row(table, "total", sum);
        }
        return table;
    }

    private static void row(Table table, String name, RunTotals totals) {
        table.row(
                name,
                Human.count(totals.getRowsRestored()),
                Human.count(totals.getRowsLeftOut()),
                Human.bytes(totals.getWalBytes()),
                Human.count(totals.getBatches()),
                Human.duration(totals.getBusy()));
    }
}
