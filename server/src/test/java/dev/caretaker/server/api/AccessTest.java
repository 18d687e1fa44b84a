package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.config.ListenConfig;
import dev.caretaker.server.config.ListenConfig.Tls;
import dev.caretaker.server.store.Actor;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.RunServiceGrpc.RunServiceBlockingStub;
import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
    @TempDir
    Path folder;

    @Test
    void without_authentication_callers_are_taken_at_their_word() throws Exception {
        try (ApiServer server = ApiServer.start()) {
            assertThat(pauseAs("alice", server, RunServiceGrpc.newBlockingStub(server.channel())))
                    .containsExactly("pause by alice: why");
            assertThat(pauseAs("", server, RunServiceGrpc.newBlockingStub(server.channel())))
                    .containsExactly("pause by anonymous: why");
        }
    }

    @Test
    void tokens_name_their_callers_and_are_read_again_when_the_file_changes() throws Exception {
        Path tokens = folder.resolve("tokens");
        Files.writeString(tokens, "# who may\n\nci: " + sha256("first") + "\n");
        try (ApiServer server =
                ApiServer.start(new ListenConfig("127.0.0.1", 0, Optional.empty(), Optional.of(tokens), false))) {
            var stub = RunServiceGrpc.newBlockingStub(server.channel());
            assertThat(pauseAs("mallory", server, stub.withCallCredentials(new Bearer("first"))))
                    .containsExactly("pause by ci (verified): why");

            for (RunServiceBlockingStub stranger : List.of(
                    stub, stub.withCallCredentials(new Bearer("second")), stub.withCallCredentials(new Bearer("")))) {
                ErrorDetails refused = ErrorDetails.of(() -> stranger.listRuns(ListRunsRequest.getDefaultInstance()));
                assertThat(refused.code()).isEqualTo("UNAUTHENTICATED");
                assertThat(refused.reason()).isEqualTo("CALLER_NOT_AUTHENTICATED");
            }

            Files.writeString(tokens, "ops team: " + sha256("second") + "\n");
            assertThat(pauseAs("", server, stub.withCallCredentials(new Bearer("second"))))
                    .containsExactly("pause by ops team (verified): why");
            assertThat(ErrorDetails.of(() -> stub.withCallCredentials(new Bearer("first"))
                                    .listRuns(ListRunsRequest.getDefaultInstance()))
                            .code())
                    .isEqualTo("UNAUTHENTICATED");

            Files.writeString(tokens, "this is not a tokens file any more");
            assertThat(pauseAs("", server, stub.withCallCredentials(new Bearer("second"))))
                    .as("what was read before holds")
                    .hasSize(1);
        }
    }

    @Test
    void health_stays_open_and_reflection_does_not() throws Exception {
        Path tokens = Files.writeString(folder.resolve("tokens"), "ci: " + sha256("first"));
        try (ApiServer server =
                ApiServer.start(new ListenConfig("127.0.0.1", 0, Optional.empty(), Optional.of(tokens), false))) {
            assertThat(HealthGrpc.newBlockingStub(server.channel())
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus())
                    .isEqualTo(ServingStatus.SERVING);
            assertThat(reflect(server.channel(), Optional.empty())).failsWithin(10, TimeUnit.SECONDS);
            assertThat(reflect(server.channel(), Optional.of(new Bearer("first"))))
                    .succeedsWithin(10, TimeUnit.SECONDS)
                    .satisfies(services -> assertThat(services)
                            .contains(
                                    "caretaker.v1.MaintenanceService",
                                    "grpc.reflection.v1.ServerReflection",
                                    "grpc.reflection.v1alpha.ServerReflection"));
        }
    }

    @Test
    void client_certificates_name_their_callers() throws Exception {
        Certificates ours = Certificates.authority(Files.createDirectory(folder.resolve("ours")));
        ours.sign("server", "CN=localhost", "dns:localhost,ip:127.0.0.1");
        ours.sign("client", "CN=nightly-cleanup, O=Example", "dns:worker");
        ours.sign("nameless", "O=Example", "uri:spiffe://example.org/worker,dns:worker");
        Certificates foreign = Certificates.authority(Files.createDirectory(folder.resolve("foreign")));
        foreign.sign("client", "CN=nightly-cleanup", "dns:worker");
        var listen = new ListenConfig(
                "127.0.0.1",
                0,
                Optional.of(new Tls(ours.certificate("server"), ours.key("server"), Optional.of(ours.authority()))),
                Optional.empty(),
                false);

        try (ApiServer server = ApiServer.start(listen)) {
            assertThat(pauseAs("mallory", server, stub(server, tls(ours, ours, "client"))))
                    .containsExactly("pause by nightly-cleanup (verified): why");
            assertThat(pauseAs("mallory", server, stub(server, tls(ours, ours, "nameless"))))
                    .containsExactly("pause by spiffe://example.org/worker (verified): why");

            ChannelCredentials anonymous = TlsChannelCredentials.newBuilder()
                    .trustManager(ours.authority().toFile())
                    .build();
            assertThat(ErrorDetails.of(() -> stub(server, anonymous).listRuns(ListRunsRequest.getDefaultInstance()))
                            .reason())
                    .isEqualTo("CALLER_NOT_AUTHENTICATED");
            assertThat(HealthGrpc.newBlockingStub(server.channel(anonymous))
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus())
                    .isEqualTo(ServingStatus.SERVING);
            assertThat(ErrorDetails.of(() -> stub(server, tls(ours, foreign, "client"))
                                    .listRuns(ListRunsRequest.getDefaultInstance()))
                            .code())
                    .as("a certificate of another authority")
                    .isEqualTo("UNAVAILABLE");
            assertThat(ErrorDetails.of(() -> stub(server, InsecureChannelCredentials.create())
                                    .listRuns(ListRunsRequest.getDefaultInstance()))
                            .code())
                    .as("plain text")
                    .isEqualTo("UNAVAILABLE");
        }
    }

    @Test
    void listening_in_the_open_works_once_said_in_so_many_words() throws Exception {
        try (ApiServer server =
                ApiServer.start(new ListenConfig("0.0.0.0", 0, Optional.empty(), Optional.empty(), true))) {
            assertThat(pauseAs("alice", server, RunServiceGrpc.newBlockingStub(server.channel())))
                    .hasSize(1);
        }
    }

    @Test
    void a_server_with_a_wrong_tokens_file_or_key_does_not_start() throws Exception {
        Path wrong = Files.writeString(folder.resolve("tokens"), "ci: plain-text-token");
        assertThatThrownBy(() ->
                        ApiServer.start(new ListenConfig("127.0.0.1", 0, Optional.empty(), Optional.of(wrong), false)))
                .rootCause()
                .hasMessageContaining("caretaker.listen.tokens-file: line 1")
                .hasMessageNotContaining("plain-text-token");
        assertThatThrownBy(() -> ApiServer.start(new ListenConfig(
                        "127.0.0.1", 0, Optional.of(new Tls(wrong, wrong, Optional.empty())), Optional.empty(), false)))
                .rootCause()
                .hasMessageContaining("caretaker.listen.tls");
    }

    private static RunServiceBlockingStub stub(ApiServer server, ChannelCredentials credentials) {
        return RunServiceGrpc.newBlockingStub(server.channel(credentials));
    }

    private static ChannelCredentials tls(Certificates trusted, Certificates own, String alias) throws Exception {
        return TlsChannelCredentials.newBuilder()
                .trustManager(trusted.authority().toFile())
                .keyManager(own.certificate(alias).toFile(), own.key(alias).toFile())
                .build();
    }

    /** Pauses a run, and returns how it was steered. */
    private static List<String> pauseAs(String claimed, ApiServer server, RunServiceBlockingStub stub) {
        FakeRuns runs = server.bean(FakeRuns.class);
        runs.steered.clear();
        stub.pauseRun(PauseRunRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setRunId(runs.add(new Actor("test", true)).id().toString())
                .setReason("why")
                .setActor(claimed)
                .build());
        return List.copyOf(runs.steered);
    }

    private static CompletableFuture<String> reflect(ManagedChannel channel, Optional<CallCredentials> credentials) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        var stub = ServerReflectionGrpc.newStub(channel);
        StreamObserver<ServerReflectionRequest> requests = credentials
                .map(stub::withCallCredentials)
                .orElse(stub)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answer.complete(response.toString());
                    }

                    @Override
                    public void onError(Throwable thrown) {
                        answer.completeExceptionally(thrown);
                    }

                    @Override
                    public void onCompleted() {}
                });
        requests.onNext(
                ServerReflectionRequest.newBuilder().setListServices("*").build());
        return answer;
    }

    private static String sha256(String token) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    }
}
