package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.testing.RunningServer;
import dev.caretaker.server.testing.ServerHere;
import dev.caretaker.server.testing.ServerProcess;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.CalendarGrid;
import dev.caretaker.v1.CalendarUnit;
import dev.caretaker.v1.CompleteConversionRequest;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.ConversionServiceGrpc;
import dev.caretaker.v1.ConversionState;
import dev.caretaker.v1.CutOver;
import dev.caretaker.v1.GetConversionRequest;
import dev.caretaker.v1.PartitionGrid;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.PlanConversionRequest;
import dev.caretaker.v1.StartConversionRequest;
import dev.caretaker.v1.TableName;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kill -9 between the phases of a conversion: the next server goes on, and nothing stands that only the dead one knew of. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ConversionTakeOverTest {
    private static final Duration TAKE_OVER = Duration.ofSeconds(40);
    private static final String CHECKS = "SELECT count(*) FROM pg_constraint WHERE conname LIKE 'caretaker%'";
    private static final String BUILDS =
            "SELECT count(*) FROM pg_stat_progress_create_index" + " WHERE datname = current_database()";

    @TempDir
    private Path folder;

    @Test
    void whoever_takes_over_after_kill_9_between_phases_ends_the_conversion() throws Exception {
        TestPostgres.Database control = TestPostgres.controlStore();
        TestPostgres.Database target = TestPostgres.oldest().database();
        target.execute(
                "CREATE TABLE jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL)",
                "INSERT INTO jobs (at) SELECT now() - i * interval '1 minute' FROM generate_series(1, 1000) i");
        try (ServerProcess first = ServerProcess.start(folder, "first", control, target, "1s");
                ServerProcess second = ServerProcess.start(folder, "second", control, target, "1s")) {
            Conversion conversion;
            try (Connection writer = target.connect()) {
                writer.setAutoCommit(false);
                writer.createStatement().execute("INSERT INTO jobs (at) VALUES (now())");
                conversion = start(first);
                await("an index is being built").atMost(TAKE_OVER).until(() -> target.number(BUILDS) > 0);
                first.kill();
                writer.commit();
            }
            await("the other server prepares the rest")
                    .atMost(TAKE_OVER)
                    .until(() -> get(conversion, second).getState() == ConversionState.CONVERSION_STATE_WAITING);
            assertThat(target.number(CHECKS)).isEqualTo(1);
            assertThat(target.number("SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
                    .isZero();
            try (Connection reader = target.connect()) {
                reader.setAutoCommit(false);
                reader.createStatement().execute("SELECT count(*) FROM jobs");
                stub(second)
                        .completeConversion(CompleteConversionRequest.newBuilder()
                                .setRequestId(id())
                                .setConversionId(conversion.getConversionId())
                                .build());
                await("the cut-over is tried")
                        .atMost(TAKE_OVER)
                        .until(() -> target.number(
                                        "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'")
                                > 0);
                second.kill();
                reader.rollback();
            }
            try (ServerHere third = ServerHere.start(folder, "third", control, target, "1s", "")) {
                await("the third one ends it")
                        .atMost(TAKE_OVER)
                        .until(() -> get(conversion, third).getState() == ConversionState.CONVERSION_STATE_CONVERTED);
            }
            assertThat(target.number(CHECKS)).isZero();
            assertThat(target.number("SELECT count(*) FROM jobs_legacy")).isEqualTo(1_001);
            assertThat(target.value("SELECT relkind::text FROM pg_class WHERE relname = 'jobs'"))
                    .isEqualTo("p");
        }
    }

    /** The stream is left after its first event; the run goes on. */
    private static Conversion start(RunningServer server) {
        var stub = stub(server);
        Conversion planned = stub.planConversion(PlanConversionRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("test")
                        .setKeyColumn("at")
                        .setCutOver(CutOver.CUT_OVER_ON_REQUEST)
                        .addAcceptedLosses(ConversionLoss.CONVERSION_LOSS_UNIQUE_NARROWED)
                        .setSet(PartitionSet.newBuilder()
                                .setName("jobs")
                                .setTarget("target")
                                .setTable(TableName.newBuilder().setName("jobs"))
                                .setGrid(PartitionGrid.newBuilder()
                                        .setCalendar(
                                                CalendarGrid.newBuilder().setUnit(CalendarUnit.CALENDAR_UNIT_MONTH))))
                        .build())
                .getConversion();
        stub.startConversion(StartConversionRequest.newBuilder()
                        .setRequestId(id())
                        .setActor("test")
                        .setConversionId(planned.getConversionId())
                        .build())
                .next();
        return planned;
    }

    private static Conversion get(Conversion conversion, RunningServer server) {
        return stub(server)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getConversion(GetConversionRequest.newBuilder()
                        .setConversionId(conversion.getConversionId())
                        .build())
                .getConversion();
    }

    private static ConversionServiceGrpc.ConversionServiceBlockingStub stub(RunningServer server) {
        return ConversionServiceGrpc.newBlockingStub(server.channel());
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
