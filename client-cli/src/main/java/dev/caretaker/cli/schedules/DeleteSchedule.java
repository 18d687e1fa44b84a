package dev.caretaker.cli.schedules;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.v1.DeleteScheduleRequest;
import dev.caretaker.v1.Schedule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker schedules delete SCHEDULE}. */
@Command(name = "delete", description = "Forget a schedule; what it started goes on, and its fires stay listed.")
public final class DeleteSchedule implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "SCHEDULE", description = "Name of the schedule.")
    private String name;

    @Option(names = "--etag", paramLabel = "ETAG", description = "Refuse if the schedule is no longer this version.")
    private String etag = "";

    @Mixin
    private MutationOptions mutation;

    public DeleteSchedule(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Schedule deleted = session.connection()
                .schedules()
                .deleteSchedule(DeleteScheduleRequest.newBuilder()
                        .setRequestId(mutation.requestId())
                        .setActor(mutation.actor(session.environment()))
                        .setName(name)
                        .setEtag(etag)
                        .build())
                .getSchedule();
        session.printer().one(deleted, page -> page.line("Schedule " + deleted.getName() + " is deleted."));
    }
}
