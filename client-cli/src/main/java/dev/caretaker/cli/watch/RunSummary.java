package dev.caretaker.cli.watch;

import dev.caretaker.cli.error.CommandNames;
import dev.caretaker.cli.error.ServerWords;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.RunError;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunTotals;
import dev.caretaker.v1.TableTotals;
import java.util.List;
import java.util.stream.Stream;

/** How a run ended: one sentence, and what was done by policy and table. */
public final class RunSummary {
    private RunSummary() {}

    /** @param told whether a line for each policy and table stands above already */
    static void show(String runId, RunFinished finished, boolean told, CommandNames names, Page page) {
        RunTotals totals = finished.getTotals();
        boolean figures = finished.getTablesList().stream().anyMatch(table -> !Names.isDatabase(table.getTable()));
        if (figures && !told) {
            page.blank();
            boolean deletes = deletes(finished);
            Table table = deletes
                    ? tables(finished.getTablesList(), totals)
                    : RestoreSummary.isOne(totals)
                            ? RestoreSummary.tables(finished.getTablesList(), totals)
                            : UpkeepSummary.tables(finished.getTablesList(), totals);
            page.table(table);
            estimates(table, page);
        }
        totals.getCascadedList()
                .forEach(cascaded -> page.paragraph(
                        "  ",
                        Style.PLAIN,
                        "through foreign keys: " + Human.rows(cascaded.getRows()) + " of "
                                + Names.table(cascaded.getTable())));
        archived(totals, page);
        for (TableTotals table : finished.getTablesList()) {
            HeldBack.show(table.getTotals().getPinnedSamplesList(), "  ", page);
        }
        if (finished.hasObservation()) {
            ObservationView.show(finished.getObservation(), page);
        }
        if (!told) {
            page.blank();
        }
        page.paragraph("", style(finished.getOutcome()), sentence(finished) + " (run " + runId + ")");
        if (finished.hasError()) {
            error(finished.getError(), names, page);
        }
        DebtLines.left(finished.getDebtsList(), page);
    }

    /** Where rows are kept. */
    static void archived(RunTotals totals, Page page) {
        totals.getArchivedList()
                .forEach(archived -> page.paragraph(
                        "  ",
                        Style.PLAIN,
                        "kept in " + archived.getPlace() + ": "
                                + Human.rows(archived.getRows(), totals.getRowsExact())
                                + (archived.getBytes() > 0 ? ", " + Human.bytes(archived.getBytes()) : "")));
    }

    /** Says which of the columns that are there are estimates. */
    private static void estimates(Table table, Page page) {
        List<String> names = Stream.of("BYTES", "REUSABLE", "WAL")
                .filter(header -> page.shows(table, header))
                .toList();
        if (names.equals(List.of("WAL"))) {
            page.line(Style.DIM, "WAL is an estimate, and that of the whole server.");
        } else if (!names.isEmpty()) {
            page.line(
                    Style.DIM,
                    String.join(", ", names)
                            + (names.size() == 1 ? " is an estimate" : " are estimates")
                            + (names.contains("WAL") ? "; WAL is that of the whole server." : "."));
        }
    }

    /** A count that is seldom anything but zero, which is left blank. */
    static String some(long count) {
        return count == 0 ? "" : Human.count(count);
    }

    static void error(RunError error, CommandNames names, Page page) {
        String sqlstate = error.getSqlstate().isEmpty() ? "" : " SQLSTATE " + error.getSqlstate();
        page.paragraph(
                "", Style.BAD, ServerWords.of(error.getMessage(), names) + " [" + error.getReason() + "]" + sqlstate);
    }

    public static Style style(RunOutcome outcome) {
        return switch (outcome) {
            case RUN_OUTCOME_COMPLETE, RUN_OUTCOME_SKIPPED -> Style.GOOD;
            case RUN_OUTCOME_FAILED, UNRECOGNIZED -> Style.BAD;
            case RUN_OUTCOME_RESIDUAL, RUN_OUTCOME_PINNED, RUN_OUTCOME_DEADLINE, RUN_OUTCOME_CANCELLED -> Style.CAREFUL;
            case RUN_OUTCOME_UNSPECIFIED -> Style.PLAIN;
        };
    }

    private static String sentence(RunFinished finished) {
        RunTotals totals = finished.getTotals();
        String deleted = deletes(finished)
                ? ": " + Human.rows(totals.getRowsDeleted(), totals.getRowsExact()) + " deleted"
                : RestoreSummary.isOne(totals) ? ": " + RestoreSummary.rows(totals) : "";
        return switch (finished.getOutcome()) {
            case RUN_OUTCOME_COMPLETE -> "Complete" + deleted;
            case RUN_OUTCOME_SKIPPED -> "Nothing to do";
            case RUN_OUTCOME_RESIDUAL ->
                "Partial" + deleted + ", " + Human.count(totals.getRowsResidual()) + " kept moving and are left";
            case RUN_OUTCOME_PINNED ->
                "Partial" + deleted + ", " + Human.count(totals.getRowsPinned())
                        + " held back by rows that refer to them";
            case RUN_OUTCOME_DEADLINE -> "Stopped at its deadline or limit" + deleted;
            case RUN_OUTCOME_CANCELLED -> "Cancelled" + deleted;
            case RUN_OUTCOME_FAILED -> "Failed" + deleted;
            case RUN_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> "Ended in a way this client does not know" + deleted;
        };
    }

    /** Whether it was about rows, or about upkeep. */
    private static boolean deletes(RunFinished finished) {
        return finished.getTotals().getRowsDeleted() > 0
                || finished.getTablesList().stream()
                        .anyMatch(table -> !table.getPolicy().isEmpty());
    }

    /** One line for each policy and table, and their sum. */
    static Table tables(List<TableTotals> tables, RunTotals sum) {
        Table table = new Table(
                "POLICY",
                "TABLE",
                ">DELETED",
                ">CASCADED",
                ">PINNED",
                ">RESIDUAL",
                "?>BYTES",
                "?>REUSABLE",
                ">TO DISK",
                "?>WAL",
                "?>BATCHES",
                ">WORKED");
        boolean policies =
                tables.stream().anyMatch(totals -> !totals.getPolicy().isEmpty());
        for (TableTotals totals : tables) {
            // Parts of a routine are no relations, and so in no schema.
            boolean followUp = policies
                    && totals.getPolicy().isEmpty()
                    && !totals.getTable().getSchema().isEmpty();
            String policy = followUp ? "follow-up" : totals.getPolicy();
            row(table, policy, Names.table(totals.getTable()), totals.getTotals());
        }
        if (tables.size() > 1) {
            row(table, "total", "", sum);
        }
        return table;
    }

    private static void row(Table table, String policy, String name, RunTotals totals) {
        table.row(
                policy,
                name,
                Human.count(totals.getRowsDeleted(), totals.getRowsExact()),
                some(totals.getRowsCascaded()),
                some(totals.getRowsPinned()),
                some(totals.getRowsResidual()),
                Human.bytes(totals.getBytesDeleted()),
                Human.bytes(totals.getBytesReusable()),
                Human.bytes(totals.getBytesReturned()),
                Human.bytes(totals.getWalBytes()),
                Human.count(totals.getBatches()),
                Human.duration(totals.getBusy()));
    }
}
