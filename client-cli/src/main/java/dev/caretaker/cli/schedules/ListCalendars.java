package dev.caretaker.cli.schedules;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.Pages;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.v1.ExclusionCalendar;
import dev.caretaker.v1.ListCalendarsRequest;
import dev.caretaker.v1.ListCalendarsResponse;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code caretaker schedules calendars}. */
@Command(name = "calendars", description = "List the calendars whose days schedules can exclude.")
public final class ListCalendars implements Runnable {
    private final Session session;

    public ListCalendars(Session session) {
        this.session = session;
    }

    static List<ExclusionCalendar> all(Session session) {
        List<ExclusionCalendar> all = new ArrayList<>();
        Pages.each(
                token -> session.connection()
                        .schedules()
                        .listCalendars(ListCalendarsRequest.newBuilder()
                                .setPageToken(token)
                                .build()),
                ListCalendarsResponse::getNextPageToken,
                page -> all.addAll(page.getCalendarsList()));
        return all;
    }

    @Override
    public void run() {
        List<ExclusionCalendar> all = all(session);
        ListCalendarsResponse whole =
                ListCalendarsResponse.newBuilder().addAllCalendars(all).build();
        session.printer().many(whole, all, page -> view(all, page));
    }

    private static void view(List<ExclusionCalendar> all, Page page) {
        Table table = new Table("NAME", "ZONE", "WEEKDAYS", "YEARLY", "DATES");
        for (ExclusionCalendar calendar : all) {
            table.row(
                    calendar.getName(),
                    calendar.getZone(),
                    String.join(
                            ", ",
                            calendar.getWeekdaysList().stream()
                                    .map(day -> Names.words(day, "WEEKDAY_"))
                                    .toList()),
                    String.join(", ", calendar.getYearlyList()),
                    String.join(", ", calendar.getDatesList()));
        }
        if (table.isEmpty()) {
            page.line("No calendars.");
        } else {
            page.table(table);
        }
    }
}
