package dev.caretaker.server.api.mapping;

import dev.caretaker.server.report.observe.Observation.TableLook;
import dev.caretaker.server.report.observe.Observations.BeforeAfter;
import dev.caretaker.server.report.observe.Observations.ObservedTable;
import dev.caretaker.server.report.observe.StatementTimes.Mean;
import dev.caretaker.v1.RunObservation;
import dev.caretaker.v1.StatementTime;
import dev.caretaker.v1.TableState;

/** Writes what was observed of runs as messages. */
public final class ObservationWriter {
    private ObservationWriter() {}

    public static RunObservation write(BeforeAfter seen) {
        RunObservation.Builder message =
                RunObservation.newBuilder().setTablesLeftOut(seen.leftOut()).addAllProblems(seen.problems());
        seen.before().map(Times::write).ifPresent(message::setBeforeTime);
        seen.after().map(Times::write).ifPresent(message::setAfterTime);
        seen.later().map(Times::write).ifPresent(message::setLaterTime);
        seen.due().map(Times::write).ifPresent(message::setNextLookTime);
        seen.tables().stream().map(ObservationWriter::write).forEach(message::addTables);
        return message.build();
    }

    private static dev.caretaker.v1.ObservedTable write(ObservedTable table) {
        var message = dev.caretaker.v1.ObservedTable.newBuilder()
                .setTable(Names.write(table.table()))
                .addAllNotes(table.statements().notes());
        table.before().map(ObservationWriter::write).ifPresent(message::setBefore);
        table.after().map(ObservationWriter::write).ifPresent(message::setAfter);
        table.statements().before().map(ObservationWriter::write).ifPresent(message::setStatementsBefore);
        table.statements().after().map(ObservationWriter::write).ifPresent(message::setStatementsAfter);
        return message.build();
    }

    private static TableState write(TableLook look) {
        return TableState.newBuilder()
                .setBytes(look.bytes())
                .setEstimated(look.estimated())
                .setRows(look.rows())
                .setDeadRows(look.deadRows())
                .build();
    }

    private static StatementTime write(Mean mean) {
        StatementTime.Builder message = StatementTime.newBuilder()
                .setMeanMilliseconds(mean.milliseconds())
                .setCalls(mean.calls())
                .setTo(Times.write(mean.to()));
        mean.from().map(Times::write).ifPresent(message::setFrom);
        return message.build();
    }
}
