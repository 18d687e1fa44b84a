package dev.caretaker.cli.watch;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.ObservedTable;
import dev.caretaker.v1.RunObservation;
import dev.caretaker.v1.StatementTime;
import dev.caretaker.v1.TableState;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** A run's tables before and after it. */
final class ObservationView {
    private ObservationView() {}

    static void show(RunObservation seen, Page page) {
        boolean tables = seen.getTablesList().stream().anyMatch(one -> !Names.isDatabase(one.getTable()));
        if (!tables && seen.getTablesCount() > 0) {
            return; // of a run that works on all of the database there is nothing to compare
        }
        page.heading("Observed before and after");
        Table table = new Table(
                "TABLE",
                ">SIZE",
                ">AFTER",
                ">DEAD ROWS",
                ">AFTER",
                ">STATEMENT",
                ">A DAY LATER",
                "?>CALLS",
                "?>A DAY LATER");
        seen.getTablesList()
                .forEach(one -> table.row(
                        Names.table(one.getTable()),
                        one.hasBefore() ? bytes(one.getBefore()) : "",
                        one.hasAfter() ? bytes(one.getAfter()) : gone(seen, one),
                        one.hasBefore() ? count(one.getBefore(), TableState::getDeadRows) : "",
                        one.hasAfter() ? count(one.getAfter(), TableState::getDeadRows) : "",
                        one.hasStatementsBefore() ? time(one.getStatementsBefore()) : "",
                        one.hasStatementsAfter() ? time(one.getStatementsAfter()) : "",
                        one.hasStatementsBefore()
                                ? Human.count(one.getStatementsBefore().getCalls())
                                : "",
                        one.hasStatementsAfter()
                                ? Human.count(one.getStatementsAfter().getCalls())
                                : ""));
        page.table(table, "  ");
        notes(seen).distinct().forEach(note -> page.paragraph("  ", Style.DIM, note));
    }

    private static String gone(RunObservation seen, ObservedTable table) {
        return table.hasBefore() && seen.hasAfterTime() && seen.getProblemsCount() == 0 ? "gone" : "";
    }

    private static Stream<String> notes(RunObservation seen) {
        Stream<String> looks = Stream.concat(
                Stream.of(
                        seen.getTablesLeftOut() > 0
                                ? Human.count(seen.getTablesLeftOut()) + " further tables were not looked at."
                                : "",
                        seen.hasNextLookTime()
                                ? "Statements are looked at again at " + Human.instant(seen.getNextLookTime()) + "."
                                : ""),
                seen.getProblemsList().stream());
        return Stream.concat(looks, seen.getTablesList().stream().flatMap(table -> table.getNotesList().stream()))
                .filter(note -> !note.isEmpty());
    }

    private static String bytes(TableState state) {
        return (state.getEstimated() ? "~" : "") + Human.bytes(state.getBytes());
    }

    private static String count(TableState state, ToLongFunction<TableState> of) {
        return Human.count(of.applyAsLong(state), false);
    }

    private static String time(StatementTime time) {
        return Human.decimal(time.getMeanMilliseconds()) + " ms";
    }
}
