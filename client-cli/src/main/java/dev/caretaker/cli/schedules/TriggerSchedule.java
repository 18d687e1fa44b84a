package dev.caretaker.cli.schedules;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.error.ExitCode;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.TriggerScheduleRequest;
import dev.caretaker.v1.TriggerScheduleResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker schedules trigger SCHEDULE}. */
@Command(
        name = "trigger",
        description = {
            "Start a schedule's work now, out of turn and even if it is paused, and say what became of that.",
            "A hold, a run that is still going, a window or a calendar may stand in the way: exit code 3."
        })
public final class TriggerSchedule implements Callable<Integer> {
    /** A server takes it up within a second as a rule. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final Session session;

    @Parameters(paramLabel = "SCHEDULE", description = "Name of the schedule.")
    private String name;

    @Option(names = "--target", paramLabel = "NAME", description = "Only at this target.")
    private String target = "";

    @Option(
            names = "--ignore-window",
            description = "Whatever its window and calendars say, and the windows of its routine or policies.")
    private boolean ignoreWindow;

    @Mixin
    private MutationOptions mutation;

    public TriggerSchedule(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        TriggerScheduleResponse asked = session.connection()
                .schedules()
                .triggerSchedule(TriggerScheduleRequest.newBuilder()
                        .setRequestId(mutation.requestId())
                        .setActor(mutation.actor(session.environment()))
                        .setName(name)
                        .setTarget(target)
                        .setIgnoreWindow(ignoreWindow)
                        .build());
        List<Fire> fires = asked.getFiresList();
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (fires.stream().anyMatch(TriggerSchedule::isUndecided) && System.nanoTime() < giveUp && rest()) {
            fires = fires.stream().map(this::now).toList();
        }
        TriggerScheduleResponse answer =
                TriggerScheduleResponse.newBuilder().addAllFires(fires).build();
        session.printer().many(answer, answer.getFiresList(), page -> view(answer, page));
        return fires.stream().allMatch(TriggerSchedule::goesOn) ? ExitCode.COMPLETE : ExitCode.REFUSED;
    }

    private static boolean goesOn(Fire fire) {
        return switch (fire.getOutcome()) {
            case FIRE_OUTCOME_WAITING, FIRE_OUTCOME_STARTED, FIRE_OUTCOME_CAUGHT_UP -> true;
            default -> false;
        };
    }

    /** It waits for a server; what it waits for later has a reason. */
    private static boolean isUndecided(Fire fire) {
        return fire.getOutcome() == FireOutcome.FIRE_OUTCOME_WAITING
                && fire.getReason().isEmpty();
    }

    /** False if the wait was interrupted. */
    private static boolean rest() {
        try {
            Thread.sleep(LOOK_AGAIN.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Fire now(Fire fire) {
        return session
                .connection()
                .schedules()
                .listFires(ListFiresRequest.newBuilder()
                        .setSchedule(fire.getSchedule())
                        .setTarget(fire.getTarget())
                        .setAfterTime(fire.getNominalTime())
                        .build())
                .getFiresList()
                .stream()
                .filter(found -> found.getNominalTime().equals(fire.getNominalTime()))
                .findFirst()
                .orElse(fire);
    }

    private static void view(TriggerScheduleResponse answer, Page page) {
        Table table = new Table("TARGET", "OUTCOME", "RUN", "WHY");
        for (Fire fire : answer.getFiresList()) {
            table.row(fire.getTarget(), ScheduleLines.outcome(fire), fire.getRunId(), FireText.why(fire));
        }
        page.table(table);
    }
}
