package dev.caretaker.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.cli.testing.Certificates;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.ListTargetsResponse;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @TempDir
    private static Path folder;

    private static Certificates its;
    private static Certificates ours;
    private static FakeServer server;

    @BeforeAll
    static void start() throws Exception {
        its = Certificates.in(folder, "server");
        ours = Certificates.in(folder, "client");
        server = new FakeServer(
                0,
                TlsServerCredentials.newBuilder()
                        .keyManager(its.certificate().toFile(), its.key().toFile())
                        .trustManager(ours.certificate().toFile())
                        .clientAuth(ClientAuth.REQUIRE)
                        .build());
        server.on("ListTargets", ListTargetsRequest.class, request -> ListTargetsResponse.getDefaultInstance());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Cli.Result list(String... options) {
        String[] args = new String[2 + options.length];
        args[0] = "targets";
        args[1] = "list";
        System.arraycopy(options, 0, args, 2, options.length);
        return Cli.to(server).run(args);
    }

    @Test
    void both_sides_prove_who_they_are() {
        Cli.Result result = list(
                "--ca", its.certificate().toString(),
                "--cert", ours.certificate().toString(),
                "--key", ours.key().toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void a_server_that_is_not_trusted_gets_nothing() {
        Cli.Result result = list("--tls", "--token", "secret");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err()).contains("nobody whom this machine trusts has signed its certificate; --ca FILE");
        assertThat(server.requests(ListTargetsRequest.class))
                .as("only the request of the other test")
                .hasSizeLessThan(2);
    }

    @Test
    void a_file_that_holds_no_certificate_or_key_is_a_wrong_argument() throws Exception {
        String text =
                Files.writeString(folder.resolve("no.pem"), "not a certificate").toString();
        for (Cli.Result result : List.of(list("--ca", text), list("--cert", text, "--key", text))) {
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err().lines()).singleElement().asString().contains("must be PEM files");
        }
    }

    @Test
    void a_client_without_its_certificate_is_turned_away() {
        assertThat(list("--ca", its.certificate().toString()).exitCode()).isEqualTo(4);
    }

    @Test
    void speaking_in_the_clear_to_it_fails_in_one_line() {
        Cli.Result result = list();
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).contains("--tls");
    }

    @Test
    void encrypting_to_one_that_does_not_fails_in_one_line() {
        try (FakeServer plain = new FakeServer()) {
            Cli.Result result = Cli.to(plain).run("targets", "list", "--tls");
            assertThat(result.exitCode()).isEqualTo(4);
            assertThat(result.err().lines()).hasSize(1);
            assertThat(result.err()).startsWith("caretaker: cannot reach " + plain.address());
        }
    }
}
