package dev.caretaker.cli.schedules;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.connect.OlderServer;
import dev.caretaker.v1.PauseScheduleRequest;
import dev.caretaker.v1.Schedule;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker schedules pause SCHEDULE}. */
@Command(name = "pause", description = "Let a schedule start nothing for a while. What it started goes on.")
public final class PauseSchedule implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "SCHEDULE", description = "Name of the schedule.")
    private String name;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown to whoever looks at the schedule.")
    private String reason = "";

    @Mixin
    private EndOption end;

    @Mixin
    private MutationOptions mutation;

    public PauseSchedule(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        PauseScheduleRequest.Builder request = PauseScheduleRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setName(name)
                .setReason(reason);
        end.end().ifPresent(request::setEndTime);
        end.span().ifPresent(request::setDuration);
        Schedule paused =
                session.connection().schedules().pauseSchedule(request.build()).getSchedule();
        if (request.hasDuration() && !paused.getPause().hasEndTime()) {
            throw OlderServer.withoutEnd(
                    "the pause of schedule " + name,
                    "Say with --until when it ends, such as 2026-12-27T06:00:00Z.",
                    () -> ResumeSchedule.resume(session, UUID.randomUUID().toString(), request.getActor(), name),
                    "caretaker schedules resume " + name);
        }
        session.printer()
                .one(
                        paused,
                        page -> page.line("Schedule " + paused.getName() + " is paused "
                                + ScheduleLines.pause(paused.getPause())));
    }
}
