package dev.caretaker.cli.schedules;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.output.Format;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.schedules.file.ScheduleFile;
import dev.caretaker.cli.schedules.file.WorkText;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.ListSchedulesRequest;
import dev.caretaker.v1.ListSchedulesResponse;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleStanding;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code caretaker schedules list}. */
@Command(
        name = "list",
        description =
                "List schedules and how they stand at their targets; with -o yaml as a file that can be applied again.")
public final class ListSchedules implements Runnable {
    private final Session session;

    @Option(names = "--target", paramLabel = "NAME", description = "Only schedules that work at this target.")
    private String target = "";

    public ListSchedules(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ListSchedulesResponse.Builder all = ListSchedulesResponse.newBuilder();
        Pages.each(
                token -> session.connection()
                        .schedules()
                        .listSchedules(ListSchedulesRequest.newBuilder()
                                .setTarget(target)
                                .setPageToken(token)
                                .build()),
                ListSchedulesResponse::getNextPageToken,
                page -> all.addAllSchedules(page.getSchedulesList()));
        if (session.format() == Format.YAML) {
            session.environment()
                    .out()
                    .print(ScheduleFile.write(all.getSchedulesList(), ListCalendars.all(session), false));
        } else {
            session.printer().many(all.build(), all.getSchedulesList(), page -> view(all.getSchedulesList(), page));
        }
    }

    private void view(List<Schedule> schedules, Page page) {
        Table table = new Table("NAME", "TARGET", "WHEN", "WORK", "NEXT", "LATEST", "?OUTCOME", "?PAUSED");
        for (Schedule schedule : schedules) {
            for (ScheduleStanding standing : schedule.getStandingList()) {
                if (target.isEmpty() || target.equals(standing.getTarget())) {
                    row(table, schedule, standing);
                }
            }
        }
        if (table.isEmpty()) {
            page.line("No schedules. 'caretaker schedules apply --help' shows what one looks like.");
        } else {
            page.table(table);
        }
    }

    private static void row(Table table, Schedule schedule, ScheduleStanding standing) {
        boolean paused = schedule.hasPause() || standing.hasPause();
        table.row(
                schedule.getName(),
                standing.getTarget(),
                ScheduleLines.when(schedule),
                WorkText.describe(schedule.getWork()),
                standing.hasNextTime() ? Human.instant(standing.getNextTime()) : "never",
                standing.hasLatest() ? Human.instant(standing.getLatest().getNominalTime()) : "",
                standing.hasLatest() ? ScheduleLines.outcome(standing.getLatest()) : "",
                new Table.Cell(
                        paused
                                ? ScheduleLines.pause(schedule.hasPause() ? schedule.getPause() : standing.getPause())
                                : "",
                        Style.CAREFUL));
    }
}
