package dev.caretaker.cli.schedules;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.v1.ResumeScheduleRequest;
import dev.caretaker.v1.Schedule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code caretaker schedules resume SCHEDULE}. */
@Command(name = "resume", description = "Let a paused schedule fire again, also one that paused itself after failures.")
public final class ResumeSchedule implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "SCHEDULE", description = "Name of the schedule.")
    private String name;

    @Mixin
    private MutationOptions mutation;

    public ResumeSchedule(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Schedule resumed = resume(session, mutation.requestId(), mutation.actor(session.environment()), name);
        session.printer().one(resumed, page -> page.line("Schedule " + resumed.getName() + " fires again."));
    }

    static Schedule resume(Session session, String requestId, String actor, String name) {
        return session.connection()
                .schedules()
                .resumeSchedule(ResumeScheduleRequest.newBuilder()
                        .setRequestId(requestId)
                        .setActor(actor)
                        .setName(name)
                        .build())
                .getSchedule();
    }
}
