package dev.caretaker.cli.schedules;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.FireOutcome;
import dev.caretaker.v1.ForecastFire;
import dev.caretaker.v1.PreviewScheduleRequest;
import dev.caretaker.v1.PreviewScheduleResponse;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caretaker schedules preview SCHEDULE}. */
@Command(
        name = "preview",
        description = "Show when a schedule is due next, and what would become of each time as things stand.")
public final class PreviewSchedule implements Runnable {
    private final Session session;

    @Parameters(paramLabel = "SCHEDULE", description = "Name of the schedule.")
    private String name;

    @Option(names = "--target", paramLabel = "NAME", description = "Only at this target.")
    private String target = "";

    @Option(
            names = {"-n", "--times"},
            paramLabel = "N",
            defaultValue = "10",
            description = "How many times. Default: 10.")
    private int times;

    @Option(
            names = "--without-targets",
            description = "Ask no target anything: nothing is told of what cleanups would do.")
    private boolean withoutTargets;

    public PreviewSchedule(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        PreviewScheduleResponse answer = session.connection()
                .schedules()
                .previewSchedule(PreviewScheduleRequest.newBuilder()
                        .setName(name)
                        .setTarget(target)
                        .setTimes(times)
                        .setWithoutTargets(withoutTargets)
                        .build());
        session.printer().many(answer, answer.getFiresList(), page -> view(answer, page));
    }

    private static void view(PreviewScheduleResponse answer, Page page) {
        Table table = new Table("TARGET", "TIME", "?STARTS", "OUTCOME", "?WHY");
        for (ForecastFire fire : answer.getFiresList()) {
            boolean starts = fire.getOutcome() == FireOutcome.FIRE_OUTCOME_STARTED;
            boolean doubted = starts && fire.getDoubtsCount() > 0;
            String why = Stream.concat(
                            Stream.of(
                                    fire.getMessage(), fire.getShifted() ? "Clocks skip the time that is meant." : ""),
                            fire.getDoubtsList().stream())
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining(" "));
            table.row(
                    fire.getTarget(),
                    Human.instant(fire.getNominalTime()),
                    starts ? Human.instant(fire.getStartTime()) : "",
                    new Table.Cell(
                            starts ? doubted ? "may start" : "starts" : ScheduleLines.outcome(fire.getOutcome()),
                            doubted ? Style.CAREFUL : ScheduleLines.style(fire.getOutcome())),
                    why);
        }
        if (table.isEmpty()) {
            page.line("It is never due.");
        } else {
            page.table(table);
        }
    }
}
