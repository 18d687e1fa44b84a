package dev.caretaker.server.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.config.ListenConfig.Tls;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExposureTest {
    private static final Optional<Path> TOKENS = Optional.of(Path.of("tokens"));
    private static final Optional<Tls> TLS =
            Optional.of(new Tls(Path.of("certificate"), Path.of("key"), Optional.empty()));

    @Test
    void listening_in_the_open_is_refused_unless_said_in_so_many_words() {
        assertThatThrownBy(() -> Exposure.check(listen("0.0.0.0", Optional.empty(), Optional.empty(), false)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("caretaker.listen.host: 0.0.0.0 is reachable from other machines")
                .hasMessageContaining("allow-insecure");
        assertThatCode(() -> Exposure.check(listen("0.0.0.0", Optional.empty(), Optional.empty(), true)))
                .doesNotThrowAnyException();
        assertThatCode(() -> Exposure.check(listen("127.0.0.1", Optional.empty(), Optional.empty(), false)))
                .doesNotThrowAnyException();
    }

    @Test
    void in_the_open_neither_tokens_in_plain_text_nor_encryption_alone_are_enough() {
        assertThatThrownBy(() -> Exposure.check(listen("0.0.0.0", Optional.empty(), TOKENS, false)))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Exposure.check(listen("0.0.0.0", TLS, Optional.empty(), false)))
                .isInstanceOf(ConfigException.class);
        assertThatCode(() -> Exposure.check(listen("0.0.0.0", TLS, TOKENS, false)))
                .doesNotThrowAnyException();
    }

    @Test
    void metrics_in_the_open_are_refused_unless_said_in_so_many_words() {
        assertThatThrownBy(() -> Exposure.check(new HttpConfig.Address("0.0.0.0", 7421), false, false, false))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("caretaker.http.host: 0.0.0.0 is reachable from other machines")
                .hasMessageContaining("caretaker.http.allow-insecure");
        assertThatCode(() -> Exposure.check(new HttpConfig.Address("0.0.0.0", 7421), true, false, false))
                .doesNotThrowAnyException();
        assertThatCode(() -> Exposure.check(new HttpConfig.Address("localhost", 7421), false, false, false))
                .doesNotThrowAnyException();
    }

    @Test
    void encryption_does_not_keep_anybody_from_reading_metrics() {
        assertThatThrownBy(() -> Exposure.check(new HttpConfig.Address("0.0.0.0", 7421), false, true, false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tells metrics and health to anybody");
        assertThatThrownBy(() -> Exposure.check(new HttpConfig.Address("0.0.0.0", 7421), false, false, true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("has no TLS");
        assertThatCode(() -> Exposure.check(new HttpConfig.Address("0.0.0.0", 7421), false, true, true))
                .as("who reads them knows a token")
                .doesNotThrowAnyException();
    }

    @Test
    void the_api_in_the_open_takes_tokens_or_client_certificates_that_the_port_asks_for() {
        HttpConfig.Address open = new HttpConfig.Address("0.0.0.0", 7421);
        Optional<Tls> mutual =
                Optional.of(new Tls(Path.of("certificate"), Path.of("key"), Optional.of(Path.of("authority"))));
        ListenConfig certificates = listen("127.0.0.1", mutual, Optional.empty(), false);

        assertThatThrownBy(() -> Exposure.checkApi("http.api", open, certificates, false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("caretaker.http.tls");
        assertThatThrownBy(() ->
                        Exposure.checkApi("http.api", open, listen("127.0.0.1", TLS, Optional.empty(), false), true))
                .isInstanceOf(ConfigException.class);
        assertThatCode(() -> Exposure.checkApi("http.api", open, certificates, true))
                .doesNotThrowAnyException();
        assertThatCode(() -> Exposure.checkApi(
                        "http.api", open, listen("127.0.0.1", Optional.empty(), TOKENS, false), false))
                .doesNotThrowAnyException();
    }

    private static ListenConfig listen(String host, Optional<Tls> tls, Optional<Path> tokens, boolean allowInsecure) {
        return new ListenConfig(host, 7420, tls, tokens, allowInsecure);
    }
}
