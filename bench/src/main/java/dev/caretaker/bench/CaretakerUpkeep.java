package dev.caretaker.bench;

import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.MaintenanceServiceGrpc.MaintenanceServiceBlockingStub;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunReindexRequest;
import dev.caretaker.v1.RunReindexResponse;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.RunVacuumResponse;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.VacuumOptions;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Caretaker by gRPC, with its default settings, watched to the run's last event. */
record CaretakerUpkeep(CaretakerServer server) implements UpkeepContender {
    private static final long PLENTY = 1L << 40;

    @Override
    public String name() {
        return "caretaker";
    }

    @Override
    public void work(UpkeepDatabase database, Upkeep work) throws SQLException {
        List<TableName> subjects = database.subjects(work).stream()
                .map(name ->
                        TableName.newBuilder().setSchema("public").setName(name).build())
                .toList();
        switch (work) {
            case VACUUM, VACUUM_ANALYZE ->
                requireComplete(
                        maintenance()
                                .runVacuum(RunVacuumRequest.newBuilder()
                                        .setRequestId(UUID.randomUUID().toString())
                                        .setTarget(CaretakerServer.TARGET)
                                        .addAllTables(subjects)
                                        .setOptions(VacuumOptions.newBuilder().setSkipAnalyze(work == Upkeep.VACUUM))
                                        .build()),
                        RunVacuumResponse::getEvent);
            case REINDEX ->
                requireComplete(
                        maintenance()
                                .runReindex(RunReindexRequest.newBuilder()
                                        .setRequestId(UUID.randomUUID().toString())
                                        .setTarget(CaretakerServer.TARGET)
                                        .addAllIndexes(subjects)
                                        .setForce(true)
                                        .setAssumeFreeBytes(PLENTY)
                                        .build()),
                        RunReindexResponse::getEvent);
        }
    }

    private MaintenanceServiceBlockingStub maintenance() {
        return MaintenanceServiceGrpc.newBlockingStub(server.channel());
    }

    private <A> void requireComplete(Iterator<A> answers, Function<A, RunEvent> envelope) {
        RunFinished finished = RunFinished.getDefaultInstance();
        while (answers.hasNext()) {
            RunEvent event = envelope.apply(answers.next());
            finished = event.hasFinished() ? event.getFinished() : finished;
        }
        if (finished.getOutcome() != RunOutcome.RUN_OUTCOME_COMPLETE) {
            throw new BenchException("the run did not end well: " + finished + "\n" + server.lastLines());
        }
    }
}
