package dev.caretaker.cli.schedules;

import dev.caretaker.cli.Session;
import dev.caretaker.cli.connect.MutationOptions;
import dev.caretaker.cli.file.ApplyOptions;
import dev.caretaker.cli.file.ApplyOptions.Warned;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Table;
import dev.caretaker.cli.schedules.file.ScheduleFile;
import dev.caretaker.cli.schedules.file.WorkText;
import dev.caretaker.v1.AppliedSchedule;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.ApplySchedulesResponse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code caretaker schedules apply -f FILE}. */
@Command(
        name = "apply",
        description = "Create or replace schedules and calendars from YAML or JSON files: all of them or none.")
public final class ApplySchedules implements Runnable {
    private final Session session;

    @Mixin
    private ApplyOptions options;

    @Option(names = "--prune", description = "Remove all schedules and calendars that the files do not name.")
    private boolean prune;

    @Mixin
    private MutationOptions mutation;

    public ApplySchedules(Session session) {
        this.session = session;
    }

    @Spec
    void explain(CommandSpec spec) {
        ApplyOptions.explain(spec, ScheduleFile.EXAMPLE);
    }

    @Override
    public void run() {
        ApplySchedulesRequest.Builder request = ApplySchedulesRequest.newBuilder()
                .setRequestId(mutation.requestId())
                .setActor(mutation.actor(session.environment()))
                .setPrune(prune)
                .setValidateOnly(options.dryRun());
        options.read(session.environment(), file -> List.of(ScheduleFile.read(file)))
                .forEach(read -> request.addAllSchedules(read.schedules()).addAllCalendars(read.calendars()));
        ApplySchedulesResponse answer = session.connection().schedules().applySchedules(request.build());
        session.printer().many(answer, answer.getSchedulesList(), page -> view(answer, page));
    }

    private void view(ApplySchedulesResponse answer, Page page) {
        Table table = new Table("SCHEDULE", "TARGET", "WHEN", "WORK", options.resultHeading());
        for (AppliedSchedule applied : answer.getSchedulesList()) {
            table.row(
                    applied.getSchedule().getName(),
                    ScheduleLines.target(applied.getSchedule()),
                    ScheduleLines.when(applied.getSchedule()),
                    WorkText.describe(applied.getSchedule().getWork()),
                    Names.words(applied.getResult(), "APPLY_RESULT_"));
        }
        if (table.isEmpty()) {
            page.line(
                    options.dryRun() ? "The calendars are in order. Nothing was stored." : "The calendars are stored.");
            return;
        }
        options.tell(
                page,
                table,
                answer.getSchedulesList().stream()
                        .map(applied -> new Warned(applied.getSchedule().getName(), applied.getWarningsList()))
                        .toList());
    }
}
