package dev.caretaker.cli.growth;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.output.Table.Cell;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.CatchUpVerdict;
import dev.caretaker.v1.DatabaseGrowth;
import dev.caretaker.v1.DiskGrowth;
import dev.caretaker.v1.Growth;
import dev.caretaker.v1.OtherTables;
import dev.caretaker.v1.PolicyGrowth;
import dev.caretaker.v1.RowsByValue;
import dev.caretaker.v1.TableGrowth;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The database, then tables, the largest first, then policies. */
final class GrowthView {
    private final Growth growth;
    private final Page page;
    private final Sparkline lines;
    private final int top;

    /**
     * @param top most tables that are shown
     */
    GrowthView(Growth growth, Page page, Sparkline lines, int top) {
        this.growth = growth;
        this.page = page;
        this.lines = lines;
        this.top = top;
    }

    void show() {
        page.pair("target", growth.getTarget());
        page.pair("samples", samples());
        if (growth.hasFailingSince()) {
            page.pair(
                    "failing",
                    "since " + Human.instant(growth.getFailingSince()) + ": " + growth.getFailure(),
                    Style.BAD);
        }
        if (growth.hasDatabase()) {
            database(growth.getDatabase());
        }
        if (growth.getTablesCount() > 0) {
            page.blank().table(tables());
            further();
            notes();
        }
        if (growth.getPoliciesCount() > 0) {
            page.blank().table(policies());
            growth.getPoliciesList()
                    .forEach(policy -> page.paragraph("", Style.DIM, policy.getPolicy() + ": " + why(policy)));
            growth.getPoliciesList().forEach(this::values);
        }
    }

    private String samples() {
        return growth.getSamples() == 0
                ? "none since " + Human.instant(growth.getSince()) + "; one a day is taken"
                : Human.count(growth.getSamples()) + " since " + Human.instant(growth.getSince()) + ", the latest "
                        + Human.instant(growth.getSampleTime());
    }

    private void database(DatabaseGrowth database) {
        String rate = Forecasts.bytesPerDay(database.getSeries());
        page.pair(
                "database",
                Human.bytes(database.getBytes()) + "  "
                        + lines.of(database.getSeries().getPointsList())
                        + (rate.isEmpty() ? "" : "  " + rate + " a day"));
        if (!database.getSeries().getNote().isEmpty()) {
            page.pair(" ", database.getSeries().getNote(), Style.DIM);
        }
        if (database.hasDisk()) {
            disk(database.getDisk());
        }
    }

    private void disk(DiskGrowth disk) {
        String between = Forecasts.between(disk.getFull());
        String unseen = disk.getUnseenDatabases() == 0
                ? ""
                : "; not seen: " + Human.count(disk.getUnseenDatabases())
                        + (disk.getUnseenDatabases() == 1 ? " database" : " databases");
        page.pair(
                "disk",
                Human.bytes(disk.getServerBytes()) + " of " + Human.bytes(disk.getDiskBytes()) + "; full: "
                        + Forecasts.when(disk.getFull())
                        + (between.isEmpty() ? "" : " (" + between + ")") + unseen,
                Forecasts.style(disk.getFull().getState()));
    }

    private Table tables() {
        Table table = new Table(
                "TABLE",
                "TREND",
                ">SIZE",
                ">A DAY",
                ">ROWS",
                "?>DEAD",
                "?>INDEXES",
                "?>TOAST",
                ">LIMIT",
                "PASSES IT",
                "?BETWEEN");
        shown().forEach(one -> table.row(
                Names.table(one.getTable()),
                new Cell(lines.of(one.getSeries().getPointsList()), Style.DIM),
                (one.getEstimated() ? "~" : "") + Human.bytes(one.getBytes()),
                Forecasts.bytesPerDay(one.getSeries()),
                Human.count(one.getRows(), false),
                one.getDeadRows() == 0 ? "" : Human.count(one.getDeadRows(), false),
                one.getIndexBytes() == 0 ? "" : Human.bytes(one.getIndexBytes()),
                one.getToastBytes() == 0 ? "" : Human.bytes(one.getToastBytes()),
                one.getLimitBytes() == 0 ? "" : Human.bytes(one.getLimitBytes()),
                one.hasLimit() ? Forecasts.cell(one.getLimit()) : "",
                Forecasts.between(one.getLimit())));
        return table;
    }

    private Stream<TableGrowth> shown() {
        return growth.getTablesList().stream().limit(top);
    }

    private void further() {
        int more = growth.getTablesCount() - top;
        if (more > 0) {
            page.paragraph(
                    "", Style.DIM, Human.count(more) + (more == 1 ? " further table" : " further tables") + ": --top.");
        }
        if (growth.hasOthers()) {
            OtherTables others = growth.getOthers();
            page.paragraph(
                    "",
                    Style.DIM,
                    (others.getTables() == 1
                                    ? "One smaller table takes "
                                    : Human.count(others.getTables()) + " smaller tables take ")
                            + Human.bytes(others.getBytes()) + ".");
        }
    }

    /** What is said of trends, each thing once. */
    private void notes() {
        shown().filter(one -> !one.getSeries().getNote().isEmpty())
                .collect(Collectors.groupingBy(
                        one -> one.getSeries().getNote(), java.util.LinkedHashMap::new, Collectors.toList()))
                .forEach((note, tables) -> page.paragraph("", Style.DIM, names(tables) + ": " + note));
    }

    private static String names(List<TableGrowth> tables) {
        String first =
                tables.stream().limit(3).map(one -> Names.table(one.getTable())).collect(Collectors.joining(", "));
        return tables.size() <= 3 ? first : first + " and " + Human.count(tables.size() - 3) + " more";
    }

    private Table policies() {
        Table table = new Table("POLICY", "?TREND", ">TO GO", ">IN A DAY", ">OUT A DAY", "VERDICT");
        for (PolicyGrowth policy : growth.getPoliciesList()) {
            table.row(
                    policy.getPolicy(),
                    new Cell(lines.of(policy.getSeries().getPointsList()), Style.DIM),
                    policy.hasEligibleRows()
                            ? Human.count(policy.getEligibleRows(), policy.getEligibleExact())
                            : "unknown",
                    policy.hasInflowPerDay() ? Human.count(Math.round(policy.getInflowPerDay()), false) : "",
                    policy.hasOutflowPerDay() ? Human.count(Math.round(policy.getOutflowPerDay()), false) : "",
                    new Cell(verdict(policy), style(policy.getVerdict())));
        }
        return table;
    }

    private static String verdict(PolicyGrowth policy) {
        return switch (policy.getVerdict()) {
            case CATCH_UP_VERDICT_CATCHES_UP -> "done: " + Forecasts.when(policy.getDone());
            case CATCH_UP_VERDICT_NEVER -> "never catches up";
            default -> Names.words(policy.getVerdict(), "CATCH_UP_VERDICT_");
        };
    }

    private static String why(PolicyGrowth policy) {
        String between = Forecasts.between(policy.getDone());
        return policy.getReason()
                + (between.isEmpty() ? "" : " Nothing is left between " + between + ".")
                + (policy.getProblem().isEmpty() ? "" : " Not told: " + policy.getProblem() + ".");
    }

    private static Style style(CatchUpVerdict verdict) {
        return switch (verdict) {
            case CATCH_UP_VERDICT_KEEPS_UP -> Style.GOOD;
            case CATCH_UP_VERDICT_CATCHES_UP -> Style.CAREFUL;
            case CATCH_UP_VERDICT_NEVER -> Style.BAD;
            default -> Style.DIM;
        };
    }

    private void values(PolicyGrowth policy) {
        if (!policy.hasValues()) {
            return;
        }
        RowsByValue values = policy.getValues();
        Table table = new Table(values.getColumn(), ">ROWS");
        values.getCountsList()
                .forEach(one -> table.row(
                        one.getNullValue() ? new Cell("NULL", Style.DIM) : one.getValue(),
                        Human.count(one.getRows(), values.getExact())));
        if (values.getOtherRows() > 0) {
            table.row(new Cell("others", Style.DIM), Human.count(values.getOtherRows(), values.getExact()));
        }
        page.heading(Names.table(policy.getTable()) + " by " + values.getColumn());
        page.table(table, "  ");
    }
}
