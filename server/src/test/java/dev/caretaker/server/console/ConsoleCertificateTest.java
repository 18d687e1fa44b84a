package dev.caretaker.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.api.Certificates;
import dev.caretaker.server.console.Browser.Page;
import dev.caretaker.server.testing.TestPostgres;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who shows a certificate to the HTTP port is signed in, with the name that the gRPC port knows him by. */
class ConsoleCertificateTest {
    private static final String LIST = "/caretaker.v1.TargetService/ListTargets";

    @TempDir
    private static Path folder;

    private static Certificates ours;
    private static Certificates foreign;
    private static ConsoleServer server;

    @BeforeAll
    static void start() throws Exception {
        ours = Certificates.authority(Files.createDirectory(folder.resolve("ours")));
        ours.sign("server", "CN=localhost", "dns:localhost,ip:127.0.0.1");
        ours.sign("client", "CN=\"Grace <b>Hopper</b>\", O=Example", "dns:worker");
        foreign = Certificates.authority(Files.createDirectory(folder.resolve("foreign")));
        foreign.sign("client", "CN=mallory", "dns:worker");
        server = ConsoleServer.start(
                TestPostgres.newest().database(),
                Map.of(
                        "caretaker.http.tls",
                        true,
                        "caretaker.listen.tls.certificate",
                        ours.certificate("server").toString(),
                        "caretaker.listen.tls.key",
                        ours.key("server").toString(),
                        "caretaker.listen.tls.client-ca",
                        ours.authority().toString()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_certificate_signs_in_and_what_is_done_is_recorded_under_its_name() throws Exception {
        Browser browser = browser(Optional.of(ours));

        Document page = browser.get("/console/targets/main").html();
        browser.submit(page, "/console/targets/main/hold", Map.of("reason", "certified", "length", "1h"));
        Document audit = browser.get("/console/audit?method=SetHold").html();

        assertThat(browser.get("/console/").headers()).containsEntry("strict-transport-security", "max-age=2592000");
        assertThat(page.select(".user").text()).isEqualTo("Grace <b>Hopper</b>");
        assertThat(page.select(".side form"))
                .as("to sign out, which nobody can")
                .isEmpty();
        assertThat(audit.select("tbody tr").first().text())
                .contains("Grace <b>Hopper</b>", "certified", "done")
                .doesNotContain("as claimed");
        assertThat(browser.get("/console/sign-in").location()).isEqualTo("/console/");
    }

    @Test
    void without_one_nobody_is_in_and_a_session_of_it_is_worth_nothing() throws Exception {
        Browser certified = browser(Optional.of(ours));
        certified.get("/console/");
        Browser other = browser(Optional.empty());
        other.cookie(certified.cookie());

        Page refused = other.get("/console/");

        assertThat(certified.cookie()).isNotEmpty();
        assertThat(refused.location()).startsWith("/console/sign-in");
        assertThat(other.follow(refused).html().text()).contains("showed no certificate");
        assertThat(other.get("/metrics").status()).isEqualTo(200);
    }

    @Test
    void a_form_without_the_session_that_it_was_written_for_is_refused_whatever_certificate_comes_along()
            throws Exception {
        Document page = browser(Optional.of(ours)).get("/console/targets/main").html();

        Page tried = browser(Optional.of(ours))
                .submit(page, "/console/targets/main/hold", Map.of("reason", "forged", "length", "1h"));

        assertThat(tried.status()).isEqualTo(403);
    }

    @Test
    void the_api_takes_it_as_well_and_no_header_stands_for_it() throws Exception {
        assertThat(list(client(Optional.of(ours)))).isEqualTo(200);
        assertThat(list(client(Optional.empty()), "caretaker-peer-bin", "R3JhY2U="))
                .isEqualTo(401);
    }

    @Test
    void a_certificate_of_another_authority_ends_the_handshake() {
        assertThatThrownBy(() -> list(client(Optional.of(foreign)))).isInstanceOf(IOException.class);
    }

    private static int list(HttpClient http, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin() + LIST))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}"));
        return http.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString())
                .statusCode();
    }

    private static Browser browser(Optional<Certificates> by) throws Exception {
        return new Browser(origin(), client(by));
    }

    private static String origin() {
        return "https://" + server.address();
    }

    private static HttpClient client(Optional<Certificates> by) throws Exception {
        SslContextBuilder context = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(ours.authority().toFile());
        by.ifPresent(one -> context.keyManager(
                one.certificate("client").toFile(), one.key("client").toFile()));
        return HttpClient.newBuilder()
                .sslContext(((JdkSslContext) context.build()).context())
                .build();
    }
}
