package dev.caretaker.cli.health;

import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.HealthFigure;
import dev.caretaker.v1.HealthFigures;
import dev.caretaker.v1.PolicyDebt;
import dev.caretaker.v1.SetRunway;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Debt, bloat, statistics, horizon and runway: a line each, and a table where there are several of a kind. */
final class HealthFiguresView {
    private HealthFiguresView() {}

    static void pairs(HealthFigures figures, Page page) {
        page.pair("retention", retention(figures.getPoliciesList()));
        page.pair("runway", runway(figures.getSetsList()));
        page.pair("bloat", bloat(figures));
        page.pair("statistics", figures.hasStaleStatisticsTables() ? stale(figures) : "");
        page.pair("horizon", figures.hasHorizonTransactions() ? horizon(figures) : "");
    }

    static void tables(HealthFigures figures, Page page) {
        List<PolicyDebt> telling = figures.getPoliciesList().stream()
                .filter(debt -> hasRowsDue(debt) || !debt.hasOverdue())
                .toList();
        if (!telling.isEmpty()) {
            page.heading("Retention debt");
            page.table(debts(telling), "  ");
        }
        if (figures.getSetsCount() > 0) {
            page.heading("Partitions ahead");
            page.table(runways(figures.getSetsList()), "  ");
        }
    }

    private static String retention(List<PolicyDebt> policies) {
        if (policies.isEmpty()) {
            return "";
        }
        List<PolicyDebt> due =
                policies.stream().filter(HealthFiguresView::hasRowsDue).toList();
        long unknown = policies.stream().filter(one -> !one.hasOverdue()).count();
        if (unknown == policies.size()) {
            return "not known";
        }
        String known = due.isEmpty()
                ? "no rows are due"
                : "rows of " + due.size() + " of " + policies.size() + " policies are due, the oldest for "
                        + Human.duration(due.get(0).getOverdue()) + " ("
                        + due.get(0).getPolicy() + ")";
        return known + (unknown > 0 ? "; " + unknown + " not known" : "");
    }

    private static boolean hasRowsDue(PolicyDebt policy) {
        return policy.getOverdue().getSeconds() > 0;
    }

    private static String runway(List<SetRunway> sets) {
        if (sets.isEmpty()) {
            return "";
        }
        Optional<SetRunway> shortest =
                sets.stream().filter(SetRunway::hasRunway).findFirst();
        return shortest.map(set -> "partitions of " + set.getSet() + " last for " + Human.duration(set.getRunway())
                        + (sets.size() > 1 ? ", the others longer" : ""))
                .orElse("not known");
    }

    private static String bloat(HealthFigures figures) {
        return Stream.of(
                        figures.hasTableBloatBytes() ? wasted(figures.getTableBloatBytes(), "large tables") : "",
                        figures.hasIndexBloatBytes() ? wasted(figures.getIndexBloatBytes(), "large indexes") : "")
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String wasted(HealthFigure bytes, String where) {
        long wasted = (long) bytes.getValue();
        return (wasted == 0 ? "none" : "~" + Human.bytes(wasted)) + " in " + where;
    }

    private static String stale(HealthFigures figures) {
        long tables = (long) figures.getStaleStatisticsTables().getValue();
        return tables == 0
                ? "up to date"
                : "out of date for " + Human.count(tables) + (tables == 1 ? " table" : " tables");
    }

    private static String horizon(HealthFigures figures) {
        long age = (long) figures.getHorizonTransactions().getValue();
        return age == 0
                ? "nobody holds vacuum back"
                : "vacuum is held back by " + Human.count(age) + (age == 1 ? " transaction" : " transactions");
    }

    private static Table debts(List<PolicyDebt> policies) {
        Table table = new Table("POLICY", ">OLDEST ROW DUE FOR", "?>ROWS DUE", "READ");
        for (PolicyDebt debt : policies) {
            table.row(
                    debt.getPolicy(),
                    debt.hasOverdue() ? Human.duration(debt.getOverdue()) : "not known",
                    debt.hasEligibleRows()
                            ? Human.count((long) debt.getEligibleRows().getValue())
                            : "",
                    debt.hasReadTime() ? Human.instant(debt.getReadTime()) : "");
        }
        return table;
    }

    private static Table runways(List<SetRunway> sets) {
        Table table = new Table("SET", ">FOR", "?>ROWS IN DEFAULT", "READ");
        for (SetRunway set : sets) {
            table.row(
                    set.getSet(),
                    set.hasRunway() ? Human.duration(set.getRunway()) : "not known",
                    set.hasDefaultRows()
                            ? Human.count((long) set.getDefaultRows().getValue())
                            : "",
                    set.hasReadTime() ? Human.instant(set.getReadTime()) : "");
        }
        return table;
    }
}
