package dev.caretaker.cli.watch;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.RunTotals;
import dev.caretaker.v1.TableTotals;
import java.util.List;

/** What became of tables and indexes that were vacuumed or rebuilt: before and after. */
final class UpkeepSummary {
    private UpkeepSummary() {}

    /** One line for each relation, and their sum. */
    static Table tables(List<TableTotals> tables, RunTotals sum) {
        Table table = new Table(
                "RELATION",
                ">DEAD BEFORE",
                ">DEAD NOW",
                ">SIZE BEFORE",
                ">SIZE NOW",
                "?>REUSABLE",
                ">TO DISK",
                "?>WAL",
                "?>WORKED");
        tables.forEach(totals -> row(table, Names.table(totals.getTable()), totals.getTotals()));
        if (tables.size() > 1) {
            row(table, "total", sum);
        }
        return table;
    }

    /** What was skipped or only analyzed was not measured. */
    private static void row(Table table, String name, RunTotals totals) {
        boolean measured = totals.getBytesBefore() > 0 || totals.getDeadRowsBefore() > 0;
        table.row(
                name,
                measured ? Human.count(totals.getDeadRowsBefore()) : "",
                measured ? Human.count(totals.getDeadRowsAfter()) : "",
                measured ? Human.bytes(totals.getBytesBefore()) : "",
                measured ? Human.bytes(totals.getBytesAfter()) : "",
                measured ? Human.bytes(totals.getBytesReusable()) : "",
                measured ? Human.bytes(totals.getBytesReturned()) : "",
                Human.bytes(totals.getWalBytes()),
                Human.duration(totals.getBusy()));
    }
}
