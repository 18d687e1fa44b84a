package dev.caretaker.server.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.caretaker.server.api.Certificates;
import dev.caretaker.server.config.ChannelConfig.Receiver;
import dev.caretaker.server.config.Secret;
import dev.caretaker.server.testing.HttpReceiver;
import dev.caretaker.server.testing.TestTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A receiver may be in any state, and none of it holds up, leads astray or kills who speaks to it. */
@Timeout(30)
class HttpTest {
    private static final Duration PATIENCE = Duration.ofMillis(700);

    private final HttpReceiver receiver = new HttpReceiver();

    @AfterEach
    void end() {
        receiver.close();
    }

    @Test
    void what_is_taken_has_arrived_whole() {
        assertThatCode(() -> send(receiver.url("/in?a=b"), true)).doesNotThrowAnyException();
        assertThat(receiver.received("/in")).hasSize(1);
        HttpReceiver.Received got = receiver.received("/in").getFirst();
        assertThat(got.text()).isEqualTo("body ü");
        assertThat(got.headers().getFirst("X-Test")).isEqualTo("yes");
    }

    @Test
    void a_private_address_is_refused_for_good_unless_it_is_allowed() {
        NotDeliveredException refused = failure(receiver.url("/in"), false);
        assertThat(refused).hasMessageContaining("no public address").hasMessageContaining("127.0.0.1");
        assertThat(refused.isLasting()).isTrue();
        assertThat(failure(receiver.url("/in").replace("127.0.0.1", "localhost"), false)
                        .isLasting())
                .isTrue();
        assertThat(failure("http://169.254.169.254/latest/meta-data", false).isLasting())
                .isTrue();
        assertThat(receiver.received("/in")).isEmpty();
    }

    @Test
    void a_redirect_is_not_followed() {
        receiver.answer(exchange -> {
            exchange.getResponseHeaders().set("Location", receiver.url("/elsewhere"));
            return 307;
        });
        assertThat(failure(receiver.url("/in"), true)).hasMessageContaining("redirects are not followed");
        assertThat(receiver.received("/elsewhere")).isEmpty();
    }

    @Test
    void one_that_is_gone_is_gone_for_good_and_one_that_fails_is_not() {
        receiver.answer(exchange -> 410);
        assertThat(failure(receiver.url("/in"), true).isLasting()).isTrue();
        assertThat(failure(receiver.url("/in"), true).isGone()).isTrue();
        receiver.answer(exchange -> 500);
        assertThat(failure(receiver.url("/in"), true).isLasting()).isFalse();
        assertThat(failure(receiver.url("/in"), true).isGone()).isFalse();
    }

    @Test
    void one_that_wants_to_be_left_alone_says_for_how_long() {
        receiver.answer(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "90");
            return 429;
        });
        assertThat(failure(receiver.url("/in"), true).notBefore()).contains(Duration.ofSeconds(90));
        receiver.answer(exchange -> {
            exchange.getResponseHeaders()
                    .set(
                            "Retry-After",
                            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                    Instant.now().plusSeconds(600).atOffset(ZoneOffset.UTC)));
            return 503;
        });
        assertThat(failure(receiver.url("/in"), true).notBefore().orElseThrow())
                .isBetween(Duration.ofSeconds(590), Duration.ofSeconds(600));
        receiver.answer(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "999999999");
            return 429;
        });
        assertThat(failure(receiver.url("/in"), true).notBefore()).contains(Duration.ofDays(1));
        receiver.answer(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "soon");
            return 429;
        });
        assertThat(failure(receiver.url("/in"), true).notBefore()).isEmpty();
    }

    @Test
    void one_that_is_slow_is_left_after_the_timeout() {
        receiver.answer(exchange -> {
            Thread.sleep(5_000);
            return 200;
        });
        Instant before = Instant.now();
        assertThat(failure(receiver.url("/in"), true)).hasMessage("no answer within 700 ms");
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void one_that_is_down_unknown_or_speaks_something_else_is_told_of() throws IOException {
        assertThat(failure("http://127.0.0.1:1/", true)).hasMessageContaining("no connection");
        assertThat(failure("http://nowhere.invalid/", true)).hasMessageContaining("not known");
        assertThat(raw("SSH-2.0-OpenSSH_9.2\r\n\r\n")).hasMessageContaining("not one of HTTP");
        assertThat(raw("")).hasMessageContaining("not one of HTTP");
        assertThat(raw("\r\n\r\n")).hasMessageContaining("not one of HTTP");
        assertThat(raw("HTTP/1.1 OK\r\n\r\n")).hasMessageContaining("not one of HTTP");
        assertThat(raw("x".repeat(100_000))).hasMessageMatching("the answer is not one of HTTP|no connection.*");
    }

    @Test
    void what_speaks_no_TLS_is_not_spoken_to_without() throws IOException {
        assertThat(raw("https", "HTTP/1.1 200 OK\r\n\r\n")).hasMessageContaining("no TLS connection");
    }

    @Test
    void one_that_speaks_TLS_is_believed_by_its_certificate_and_its_name(@TempDir Path folder) throws Exception {
        Certificates certificates = Certificates.authority(folder);
        certificates.sign("here", "CN=here", "dns:localhost");
        SSLContext context = TestTls.server(certificates.certificate("here"), certificates.key("here"));
        Optional<Secret.InFile> authority = Optional.of(new Secret.InFile("ca-file", certificates.authority()));
        try (HttpReceiver secured = new HttpReceiver(context)) {
            String url = secured.url("/in").replace("127.0.0.1", "localhost");
            post(url, authority);
            assertThat(secured.received("/in")).hasSize(1);
            assertThat(catchThrowableOfType(NotDeliveredException.class, () -> post(url, Optional.empty())))
                    .hasMessageContaining("no TLS connection");
            assertThat(catchThrowableOfType(NotDeliveredException.class, () -> post(secured.url("/in"), authority)))
                    .hasMessageContaining("no TLS connection");
            assertThat(secured.received("/in")).hasSize(1);
        }
    }

    private static void post(String url, Optional<Secret.InFile> authority) throws NotDeliveredException {
        new Http(new Receiver(new Secret.Text(url), true, authority, Duration.ofSeconds(10)))
                .send("POST", Map.of(), new byte[0]);
    }

    private static NotDeliveredException raw(String answer) throws IOException {
        return raw("http", answer);
    }

    private static NotDeliveredException raw(String scheme, String answer) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[4_096]);
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // the other side has seen enough
                }
            });
            return failure(scheme + "://127.0.0.1:" + server.getLocalPort() + "/", true);
        }
    }

    private static NotDeliveredException failure(String url, boolean allowPrivate) {
        return catchThrowableOfType(NotDeliveredException.class, () -> send(url, allowPrivate));
    }

    private static void send(String url, boolean allowPrivate) throws NotDeliveredException {
        new Http(new Receiver(new Secret.Text(url), allowPrivate, Optional.empty(), PATIENCE))
                .send("POST", Map.of("X-Test", "yes"), "body ü".getBytes(StandardCharsets.UTF_8));
    }
}
