package dev.caretaker.cli.demo;

import dev.caretaker.cli.connect.Connection;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.TableNames;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PlanConversionRequest;
import java.util.UUID;

/** Makes a plain table partitioned while an application writes to it, and again what it was. */
final class DemoConversion {
    private static final String COLUMN = "CreatedAt";

    private final DemoShell shell;
    private final DemoProcess demo;
    private final String table;

    DemoConversion(DemoShell shell, DemoProcess demo, String table) {
        this.shell = shell;
        this.demo = demo;
        this.table = table;
    }

    void run() {
        shell.say(
                "convert",
                "plan",
                table,
                "--target",
                DemoCommand.TARGET,
                "--grid",
                "month",
                "--column",
                COLUMN,
                "--accept",
                "UNIQUE_NARROWED,FOREIGN_KEYS_DROPPED",
                "--brief");
        String id = plan();
        shell.run("convert", "show", id, "--brief");
        demo.write();
        shell.show("convert", "start", id);
        shell.show("convert", "revert", id);
        DemoProcess.Written written = demo.rest();
        shell.page()
                .blank()
                .line(
                        written.wrong() == 0 ? Style.GOOD : Style.BAD,
                        "Meanwhile an application wrote " + Human.count(written.rows()) + " rows and changed them: "
                                + (written.wrong() == 0 ? "none was" : Human.count(written.wrong()) + " were")
                                + " lost, doubled or refused.");
    }

    private String plan() {
        try (Connection connection = shell.open()) {
            return connection
                    .within(DemoCommand.PLANNING)
                    .conversions()
                    .planConversion(PlanConversionRequest.newBuilder()
                            .setRequestId(UUID.randomUUID().toString())
                            .setActor(shell.environment().userName())
                            .setKeyColumn(COLUMN)
                            .addAcceptedLosses(ConversionLoss.CONVERSION_LOSS_UNIQUE_NARROWED)
                            .addAcceptedLosses(ConversionLoss.CONVERSION_LOSS_FOREIGN_KEYS_DROPPED)
                            .setSet(PartitionSet.newBuilder()
                                    .setName("joboccurrences")
                                    .setTarget(DemoCommand.TARGET)
                                    .setTable(TableNames.parse(table))
                                    .setGrid(PartitionGrid.newBuilder()
                                            .setCalendar(CalendarGrid.newBuilder()
                                                    .setUnit(CalendarUnit.CALENDAR_UNIT_MONTH))))
                            .build())
                    .getConversion()
                    .getConversionId();
        }
    }
}
