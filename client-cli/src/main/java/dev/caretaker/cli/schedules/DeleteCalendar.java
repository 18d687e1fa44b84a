package dev.caretaker.cli.schedules;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.v1.DeleteCalendarRequest;
import dev.caretaker.v1.ExclusionCalendar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code caretaker schedules delete-calendar CALENDAR}. */
@Command(name = "delete-calendar", description = "Forget a calendar that no schedule names.")
public final class DeleteCalendar implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "CALENDAR", description = "Name of the calendar.")
    private String name;

    @Mixin
    private MutationOptions mutation;

    public DeleteCalendar(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ExclusionCalendar deleted = session.connection()
                .schedules()
                .deleteCalendar(DeleteCalendarRequest.newBuilder()
                        .setRequestId(mutation.requestId())
                        .setActor(mutation.actor(session.environment()))
                        .setName(name)
                        .build())
                .getCalendar();
        session.printer().one(deleted, page -> page.line("Calendar " + deleted.getName() + " is deleted."));
    }
}
