package dev.caretaker.bench;

import dev.caretaker.v1.Pace;
import dev.caretaker.v1.RunReindexRequest;
import dev.caretaker.v1.RunReindexResponse;
import dev.caretaker.v1.RunVacuumRequest;
import dev.caretaker.v1.RunVacuumResponse;
import dev.caretaker.v1.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** What goes on beside the application. */
interface Neighbour {
    Duration IDLE = Duration.ofSeconds(8);
    Duration BATCH_TARGET = Duration.ofMillis(100);

    /** What has to be there first, in a fresh clone and before the application begins. */
    default void prepare(BenchDatabase database, Scenario scenario) throws SQLException {}

    /**
     * Does it.
     *
     * @param begins called when the work itself begins
     * @return time it took from there
     */
    Duration work(BenchDatabase database, Scenario scenario, Runnable begins) throws SQLException;

    /** Nothing, for some seconds. */
    static Neighbour nobody() {
        return (database, scenario, begins) -> {
            begins.run();
            LockSupport.parkNanos(IDLE.toNanos());
            return IDLE;
        };
    }

    /** Somebody who works by hand. */
    static Neighbour byHand(Contender contender) {
        return (database, scenario, begins) -> {
            begins.run();
            return contender.remove(database, scenario).time();
        };
    }

    /** A cleanup by Caretaker. */
    static Neighbour cleanup(CaretakerServer server, Pace pace) {
        return (database, scenario, begins) -> new CaretakerContender(server, BATCH_TARGET, Optional.empty())
                .at(pace)
                .whenItBegins(begins)
                .remove(database, scenario)
                .time();
    }

    /** A VACUUM by Caretaker behind a cleanup. */
    static Neighbour vacuum(CaretakerServer server) {
        return new Neighbour() {
            @Override
            public void prepare(BenchDatabase database, Scenario scenario) throws SQLException {
                Contender.singleDelete().remove(database, scenario);
                try (Connection connection = database.connectClone();
                        Statement statement = connection.createStatement()) {
                    statement.execute("CHECKPOINT");
                }
            }

            @Override
            public Duration work(BenchDatabase database, Scenario scenario, Runnable begins) {
                return timed(
                        begins,
                        () -> server.awaitComplete(
                                server.maintenance()
                                        .runVacuum(RunVacuumRequest.newBuilder()
                                                .setRequestId(UUID.randomUUID().toString())
                                                .setTarget(CaretakerServer.TARGET)
                                                .addTables(name(scenario.table()))
                                                .build()),
                                RunVacuumResponse::getEvent));
            }
        };
    }

    /** Rebuilds the index by which the rows go. */
    static Neighbour reindex(CaretakerServer server) {
        return (database, scenario, begins) -> timed(
                begins,
                () -> server.awaitComplete(
                        server.maintenance()
                                .runReindex(RunReindexRequest.newBuilder()
                                        .setRequestId(UUID.randomUUID().toString())
                                        .setTarget(CaretakerServer.TARGET)
                                        .addIndexes(name(scenario.timeIndex()))
                                        .setForce(true)
                                        .setAssumeFreeBytes(1L << 40)
                                        .build()),
                        RunReindexResponse::getEvent));
    }

    private static Duration timed(Runnable begins, Runnable work) {
        begins.run();
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static TableName name(String name) {
        return TableName.newBuilder().setSchema("public").setName(name).build();
    }
}
