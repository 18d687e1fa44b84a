package dev.caretaker.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.DeletePolicyRequest;
import dev.caretaker.v1.DeletePolicyResponse;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.ListTargetsResponse;
import io.grpc.Metadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTest {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void answer() {
        server.on("ListTargets", ListTargetsRequest.class, request -> ListTargetsResponse.getDefaultInstance());
        server.on("DeletePolicy", DeletePolicyRequest.class, request -> DeletePolicyResponse.getDefaultInstance());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "db1:7000, db1, 7000",
        "db1, db1, 7420",
        "127.0.0.1:1, 127.0.0.1, 1",
        "[::1]:7000, ::1, 7000",
        "[::1], ::1, 7420"
    })
    void addresses_are_host_and_port(String text, String host, int port) {
        assertThat(Address.parse(text)).isEqualTo(new Address(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"db1:", "db1:0", "db1:65536", "db1:x", ":7420", "::1", "http://db1:7420", "[::1]7420"})
    void other_addresses_are_refused(String text) {
        assertThatThrownBy(() -> Address.parse(text)).hasMessageStartingWith("--server: ");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "127.1.2.3, true",
        "::1, true",
        "db1, false",
        "127.evil.example, false",
        "10.0.0.1, false"
    })
    void loopback_is_told_without_asking_dns(String host, boolean expected) {
        assertThat(new Address(host, 1).isLoopback()).isEqualTo(expected);
    }

    @Test
    void beyond_loopback_the_connection_is_encrypted_unless_told_otherwise() {
        Address far = new Address("db1", 7420);
        Address near = new Address("127.0.0.1", 7420);
        assertThat(new Security(false, null, null, null, "", false).encrypts(near))
                .isFalse();
        assertThat(new Security(true, null, null, null, "", false).encrypts(near))
                .isTrue();
        assertThat(new Security(false, null, null, null, "secret", false).encrypts(far))
                .isTrue();
        assertThat(new Security(false, null, null, null, "secret", true).encrypts(far))
                .isFalse();
    }

    @Test
    void the_option_beats_the_variable() {
        assertThat(new Cli()
                        .with("CARETAKER_SERVER", "127.0.0.1:1")
                        .run("targets", "list", "--server", server.address())
                        .exitCode())
                .isZero();
    }

    @Test
    void options_of_the_connection_may_stand_anywhere() {
        String[] server = {"--server", this.server.address()};
        assertThat(new Cli().run(server[0], server[1], "targets", "list").exitCode())
                .isZero();
        assertThat(new Cli().run("targets", server[0], server[1], "list").exitCode())
                .isZero();
        assertThat(new Cli()
                        .run("-o", "json", "targets", server[0], server[1], "list")
                        .out())
                .contains("\"targets\": []");
    }

    @Test
    void a_token_is_sent_with_every_call() {
        Cli.to(server).with("CARETAKER_TOKEN", "secret").run("targets", "list");
        assertThat(server.lastHeaders().get(AUTHORIZATION)).isEqualTo("Bearer secret");
        Cli.to(server).with("CARETAKER_TOKEN", "secret").run("targets", "list", "--token", "other");
        assertThat(server.lastHeaders().get(AUTHORIZATION)).isEqualTo("Bearer other");
        Cli.to(server).run("targets", "list");
        assertThat(server.lastHeaders().get(AUTHORIZATION)).isNull();
    }

    @Test
    void the_actor_is_given_by_option_variable_or_system() {
        Cli.to(server).run("policies", "delete", "p");
        assertThat(server.request(DeletePolicyRequest.class).getActor()).isEqualTo("olga");
        Cli.to(server).with("CARETAKER_ACTOR", "cron").run("policies", "delete", "p");
        assertThat(server.request(DeletePolicyRequest.class).getActor()).isEqualTo("cron");
        Cli.to(server).with("CARETAKER_ACTOR", "cron").run("policies", "delete", "p", "--actor", "me");
        assertThat(server.request(DeletePolicyRequest.class).getActor()).isEqualTo("me");
    }

    @Test
    void a_request_id_may_be_given_and_must_be_a_uuid() {
        String id = "0197a6c0-0000-7000-8000-000000000001";
        Cli.to(server).run("policies", "delete", "p", "--request-id", id);
        assertThat(server.request(DeletePolicyRequest.class).getRequestId()).isEqualTo(id);
        Cli.Result result = Cli.to(server).run("policies", "delete", "p", "--request-id", "again");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("caretaker: --request-id: 'again' is not a UUID\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--cert /x.pem | --cert and --key belong together",
                "--ca /nowhere.pem | cannot read /nowhere.pem",
                "--tls --insecure | --tls and --insecure contradict",
                "--server a:b:c | --server: an IPv6 address needs brackets"
            })
    void contradictions_are_usage_errors(String options, String message) {
        Cli.Result result = Cli.to(server).run(("targets list " + options).split(" "));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("caretaker: " + message);
    }
}
