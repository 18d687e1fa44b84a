package dev.caretaker.server.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.api.security.BrowserSessions.Session;
import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.config.ListenConfig;
import dev.caretaker.server.store.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrowserSessionsTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final byte[] KEY = new byte[32];

    @TempDir
    Path folder;

    private Path tokens;

    @BeforeEach
    void writeTokens() throws IOException {
        tokens = folder.resolve("tokens");
        Files.writeString(tokens, "ada: " + HexFormat.of().formatHex(Sha256.of("secret")) + "\n");
    }

    @Test
    void a_session_is_good_on_every_server_of_the_control_store_until_it_is_over() {
        String cookie = at(NOW).seal(at(NOW).prove("secret").orElseThrow());

        assertThat(at(NOW.plus(Duration.ofHours(11))).open(cookie, Optional.empty()))
                .map(Session::name)
                .contains("ada");
        assertThat(at(NOW.plus(Duration.ofHours(12))).open(cookie, Optional.empty()))
                .isEmpty();
    }

    @Test
    void a_session_is_renewed_in_the_second_half_of_its_time() {
        Session session = at(NOW).prove("secret").orElseThrow();

        assertThat(at(NOW.plus(Duration.ofHours(5))).renew(session)).isEmpty();
        assertThat(at(NOW.plus(Duration.ofHours(7))).renew(session))
                .map(Session::end)
                .contains(NOW.plus(Duration.ofHours(19)));
    }

    @Test
    void a_session_ends_with_its_token() throws IOException {
        BrowserSessions sessions = at(NOW);
        String cookie = sessions.seal(sessions.prove("secret").orElseThrow());

        Files.writeString(tokens, "bob: " + HexFormat.of().formatHex(Sha256.of("another secret")) + "\n");

        assertThat(sessions.open(cookie, Optional.empty())).isEmpty();
    }

    @Test
    void a_session_of_another_control_store_is_none() {
        byte[] other = new byte[32];
        other[0] = 1;
        String cookie = with(other, true, NOW).seal(at(NOW).prove("secret").orElseThrow());

        assertThat(at(NOW).open(cookie, Optional.empty())).isEmpty();
        assertThat(at(NOW).open("", Optional.empty())).isEmpty();
        assertThat(at(NOW).open("no cookie of ours", Optional.empty())).isEmpty();
    }

    @Test
    void a_name_that_was_only_claimed_is_none_where_names_are_proven() {
        BrowserSessions open = with(KEY, false, NOW);
        String cookie = open.seal(open.claim("ada"));

        assertThat(open.open(cookie, Optional.empty())).map(Session::isProven).contains(false);
        assertThat(at(NOW).open(cookie, Optional.empty())).isEmpty();
    }

    @Test
    void a_session_by_certificate_is_good_only_with_that_certificate() {
        BrowserSessions sessions = at(NOW);
        Session session = sessions.certify("grace");
        String cookie = sessions.seal(session);

        assertThat(session.isProven()).isTrue();
        assertThat(sessions.open(cookie, Optional.of("grace"))).contains(session);
        assertThat(sessions.open(cookie, Optional.of("ada"))).isEmpty();
        assertThat(sessions.open(cookie, Optional.empty())).isEmpty();
        assertThat(with(KEY, false, NOW).open(cookie, Optional.empty())).isEmpty();
    }

    @Test
    void who_shows_a_certificate_is_nobody_else_by_a_session_of_before() {
        BrowserSessions sessions = at(NOW);
        String cookie = sessions.seal(sessions.prove("secret").orElseThrow());

        assertThat(sessions.open(cookie, Optional.of("grace"))).isEmpty();
    }

    @Test
    void a_form_belongs_to_one_session() {
        BrowserSessions sessions = at(NOW);
        Session mine = sessions.prove("secret").orElseThrow();
        Session other = sessions.prove("secret").orElseThrow();

        assertThat(sessions.isFormToken(mine, sessions.formToken(mine))).isTrue();
        assertThat(sessions.isFormToken(mine, sessions.formToken(other))).isFalse();
        assertThat(sessions.isFormToken(mine, "")).isFalse();
        assertThat(sessions.isFormToken(mine, "no base64!")).isFalse();
        String token = sessions.formToken(mine);
        char last = token.charAt(60) == 'A' ? 'B' : 'A';
        assertThat(sessions.isFormToken(mine, token.substring(0, 60) + last + token.substring(61)))
                .isFalse();
        assertThat(token).as("another text each time").isNotEqualTo(sessions.formToken(mine));
    }

    private BrowserSessions at(Instant now) {
        return with(KEY, true, now);
    }

    private BrowserSessions with(byte[] key, boolean required, Instant now) {
        ListenConfig listen = new ListenConfig("127.0.0.1", 0, Optional.empty(), Optional.of(tokens), false);
        CaretakerConfig config = new CaretakerConfig(listen, Optional.empty(), 8, Path.of("."), 0, new TreeMap<>());
        return new BrowserSessions(fresh -> key, new KnownCallers(config), required, Clock.fixed(now, ZoneOffset.UTC));
    }
}
