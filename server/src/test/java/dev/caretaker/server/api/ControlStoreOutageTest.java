package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.store.Actor;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.RunServiceGrpc;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ControlStoreOutageTest {
    @Test
    void while_the_control_store_is_gone_health_says_so_and_mutations_are_unavailable() throws Exception {
        try (ApiServer server = ApiServer.start()) {
            await().atMost(Duration.ofSeconds(10)).until(() -> health(server) == ServingStatus.SERVING);
            TestPostgres.Database store = server.store();
            var maintenance = TestPostgres.newest().database("maintenance_of_" + store.name());
            maintenance.execute(
                    "ALTER DATABASE \"" + store.name() + "\" ALLOW_CONNECTIONS false",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + store.name() + "'");

            await().atMost(Duration.ofSeconds(30)).until(() -> health(server) == ServingStatus.NOT_SERVING);
            FakeRuns runs = server.bean(FakeRuns.class);
            PauseRunRequest request = PauseRunRequest.newBuilder()
                    .setRequestId(UUID.randomUUID().toString())
                    .setRunId(runs.add(new Actor("test", true)).id().toString())
                    .build();
            ErrorDetails refused = ErrorDetails.of(
                    () -> RunServiceGrpc.newBlockingStub(server.channel()).pauseRun(request));
            assertThat(refused.code()).isEqualTo("UNAVAILABLE");
            assertThat(refused.reason()).isEqualTo("CONTROL_STORE_UNREACHABLE");
            assertThat(runs.steered).as("nothing happens without a record").isEmpty();

            maintenance.execute("ALTER DATABASE \"" + store.name() + "\" ALLOW_CONNECTIONS true");
            await().atMost(Duration.ofSeconds(30)).until(() -> health(server) == ServingStatus.SERVING);
            RunServiceGrpc.newBlockingStub(server.channel()).pauseRun(request);
            assertThat(runs.steered).hasSize(1);
        }
    }

    private static ServingStatus health(ApiServer server) {
        return HealthGrpc.newBlockingStub(server.channel())
                .check(HealthCheckRequest.newBuilder()
                        .setService(RunServiceGrpc.SERVICE_NAME)
                        .build())
                .getStatus();
    }
}
