package dev.caretaker.cli.schedules;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.output.Format;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.schedules.file.ScheduleFile;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.ExclusionCalendar;
import dev.caretaker.v1.GetScheduleRequest;
import dev.caretaker.v1.Schedule;
import dev.caretaker.v1.ScheduleStanding;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code caretaker schedules show SCHEDULE}. */
@Command(
        name = "show",
        description = {
            "Show one schedule as a file that can be edited and applied again, and how it stands.",
            "Its etag makes apply refuse if somebody changed the schedule meanwhile; without that line it replaces."
        })
public final class ShowSchedule implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "SCHEDULE", description = "Name of the schedule.")
    private String name;

    public ShowSchedule(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Schedule schedule = session.connection()
                .schedules()
                .getSchedule(GetScheduleRequest.newBuilder().setName(name).build())
                .getSchedule();
        if (session.format() == Format.YAML) {
            session.environment().out().print(file(schedule));
        } else {
            session.printer().one(schedule, page -> view(schedule, page));
        }
    }

    private String file(Schedule schedule) {
        List<ExclusionCalendar> calendars = schedule.getCalendarsCount() == 0
                ? List.of()
                : ListCalendars.all(session).stream()
                        .filter(calendar -> schedule.getCalendarsList().contains(calendar.getName()))
                        .toList();
        return ScheduleFile.write(List.of(schedule), calendars, true);
    }

    private void view(Schedule schedule, Page page) {
        if (schedule.hasUpdateTime()) {
            String actor = Names.actor(schedule.getUpdatedBy());
            page.line(
                    Style.DIM,
                    "# changed " + Human.instant(schedule.getUpdateTime()) + (actor.isEmpty() ? "" : " by " + actor));
        }
        page.code("", file(schedule));
        if (schedule.hasPause()) {
            page.line(Style.CAREFUL, "Paused " + ScheduleLines.pause(schedule.getPause()));
        }
        for (ScheduleStanding standing : schedule.getStandingList()) {
            page.heading("At " + standing.getTarget());
            page.pair("next", standing.hasNextTime() ? Human.instant(standing.getNextTime()) : "never");
            if (standing.hasLatest()) {
                page.pair(
                        "latest",
                        Human.instant(standing.getLatest().getNominalTime()) + " "
                                + ScheduleLines.outcome(standing.getLatest()).text());
                page.pair("", standing.getLatest().getMessage());
                page.pair("run", standing.getLatest().getRunId());
            }
            page.pair("succeeded", standing.hasSuccessTime() ? Human.instant(standing.getSuccessTime()) : "");
            page.pair(
                    "failures", standing.getFailures() == 0 ? "" : Integer.toString(standing.getFailures()), Style.BAD);
            page.pair("paused", standing.hasPause() ? ScheduleLines.pause(standing.getPause()) : "", Style.CAREFUL);
        }
    }
}
