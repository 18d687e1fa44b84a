package dev.caretaker.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.Events;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.GetRunResponse;
import dev.caretaker.v1.ObservedTable;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunAccepted;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunKind;
import dev.caretaker.v1.RunObservation;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.RunWarning;
import dev.caretaker.v1.StepFinished;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TableTotals;
import dev.caretaker.v1.WatchRunRequest;
import dev.caretaker.v1.WatchRunResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run that works on no table by itself: a backup. */
class BackupRunTest {
    private static final TableName ALL =
            TableName.newBuilder().setSchema("*").setName("*").build();
    private static final RunStep STEP = RunStep.newBuilder()
            .setOrdinal(1)
            .setKind("backup")
            .setRelation(ALL)
            .setStarted(true)
            .setOutcome(RunOutcome.RUN_OUTCOME_COMPLETE)
            .setMessage("Backup 0197 has 12 tables.")
            .build();

    private static final RunObservation SEEN = RunObservation.newBuilder()
            .addTables(ObservedTable.newBuilder().setTable(ALL))
            .build();

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void what_was_done_well_is_a_note_and_there_are_no_figures_of_rows() {
        List<RunEvent> events = List.of(
                Events.at(1)
                        .setAccepted(RunAccepted.newBuilder()
                                .setKind(RunKind.RUN_KIND_BACKUP)
                                .setTarget("shop")
                                .addSteps(STEP))
                        .build(),
                Events.at(2)
                        .setWarning(RunWarning.newBuilder()
                                .setCode("BACKUP_STORED")
                                .setMessage("Backup 0197 is at nas.")
                                .setNote(true))
                        .build(),
                Events.at(3)
                        .setStepFinished(StepFinished.newBuilder().setStep(STEP))
                        .build(),
                Events.at(4)
                        .setFinished(RunFinished.newBuilder()
                                .setOutcome(RunOutcome.RUN_OUTCOME_COMPLETE)
                                .setObservation(SEEN)
                                .addTables(TableTotals.newBuilder().setTable(ALL)))
                        .build());
        server.onStream("WatchRun", WatchRunRequest.class, (request, stream) -> {
            events.forEach(event ->
                    stream.onNext(WatchRunResponse.newBuilder().setEvent(event).build()));
            stream.onCompleted();
        });

        String out = Cli.to(server).run("runs", "watch", Events.RUN).out();

        assertThat(out)
                .contains("note: Backup 0197 is at nas. [BACKUP_STORED]")
                .contains("step 1/1 backup the database: complete: Backup 0197 has 12 tables.")
                .doesNotContain("warning", "DEAD", "DELETED", "Observed", "*");
    }

    @Test
    void shown_it_has_steps_without_figures_of_rows() {
        server.on(
                "GetRun",
                GetRunRequest.class,
                request -> GetRunResponse.newBuilder()
                        .setRun(Run.newBuilder()
                                .setRunId(Events.RUN)
                                .setKind(RunKind.RUN_KIND_BACKUP)
                                .setState(RunState.RUN_STATE_ENDED)
                                .setOutcome(RunOutcome.RUN_OUTCOME_COMPLETE)
                                .addSteps(STEP))
                        .build());

        String out = Cli.to(server).run("runs", "show", Events.RUN).out();

        assertThat(out)
                .containsPattern("1 +backup +the database +complete")
                .contains("1. Backup 0197 has 12 tables.")
                .doesNotContain("DELETED", "PINNED");
    }
}
