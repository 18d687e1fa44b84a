package dev.caretaker.bench;

import dev.caretaker.v1.RunReindexRequest;
import dev.caretaker.v1.RunReindexResponse;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.RunVacuumResponse;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.VacuumOptions;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

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
                server.awaitComplete(
                        server.maintenance()
                                .runVacuum(RunVacuumRequest.newBuilder()
                                        .setRequestId(UUID.randomUUID().toString())
                                        .setTarget(CaretakerServer.TARGET)
                                        .addAllTables(subjects)
                                        .setOptions(VacuumOptions.newBuilder().setSkipAnalyze(work == Upkeep.VACUUM))
                                        .build()),
                        RunVacuumResponse::getEvent);
            case REINDEX ->
                server.awaitComplete(
                        server.maintenance()
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
}
