package dev.caretaker.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.config.NotificationEvent.Severity;
import dev.caretaker.server.config.NotificationsConfig.Digest;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotificationsReaderTest {
    private static final Map<String, Object> GOOD = Map.of(
            "channels.ops.type", "webhook",
            "channels.ops.url-env", "URL",
            "channels.ops.secret-env", "SECRET",
            "channels.beat.type", "heartbeat",
            "channels.beat.url", "https://example.org/beat",
            "channels.beat.every", "1m",
            "rules.urgent.channels", "ops",
            "rules.urgent.events", List.of("run.failed", "expectation.broken"),
            "rules.urgent.severity", "critical",
            "rules.urgent.repeat", "4h");

    private static final Map<String, Object> MAIL = Map.of(
            "channels.ops.type", "email",
            "channels.ops.host", "smtp.example.org",
            "channels.ops.user", "care",
            "channels.ops.password-env", "SECRET",
            "channels.ops.from", "Caretaker <care@example.org>",
            "channels.ops.to", List.of("a@example.org", "b@example.org"),
            "rules.morning.channels", "ops",
            "rules.morning.digest", "weekly",
            "rules.morning.at", "07:00",
            "rules.morning.zone", "Europe/Berlin");

    @Test
    void mail_goes_out_with_STARTTLS_where_nothing_else_is_said() {
        assertThat(read(MAIL).channels().get("ops")).isInstanceOfSatisfying(ChannelConfig.Email.class, mail -> {
            assertThat(mail.server().tls()).isEqualTo(ChannelConfig.Tls.STARTTLS);
            assertThat(mail.server().port()).isEqualTo(587);
            assertThat(mail.to()).containsExactly("a@example.org", "b@example.org");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "channels.ops.tls | none | none is for private addresses only",
                "channels.ops.tls | ssl | give starttls, tls or none",
                "channels.ops.host | smtp.example.org/x | is not the name or address of a host",
                "channels.ops.from | nobody | is not an address such as",
                "channels.ops.to | a@example.org;b@example.org | is not an address such as",
                "rules.morning.digest | hourly | give daily or weekly",
                "rules.morning.digest | daily | caretaker.notifications.rules.morning.day",
                "rules.morning.day | someday | is not a day of the week",
                "rules.morning.at | 7 | is not a time of day",
                "rules.morning.zone | Berlin | is not a zone",
                "rules.morning.group-wait | 30s | is of no use beside digest",
                "rules.morning.group-by | event | goes with group-wait only",
                "rules.morning.events | events.digest | is not known",
                "retention | 3d | is shorter than what a digest tells of"
            })
    void what_is_wrong_with_mail_or_a_digest_is_told(String key, String value, String words) {
        Map<String, Object> values = new HashMap<>(MAIL);
        values.put("rules.morning.day", "friday");
        values.put(key, value);
        assertThatThrownBy(() -> read(values))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(words);
    }

    @Test
    void a_password_without_a_user_is_refused() {
        Map<String, Object> values = new HashMap<>(MAIL);
        values.remove("channels.ops.user");
        assertThatThrownBy(() -> read(values)).hasMessageContaining("channels.ops.user: is missing");
    }

    @ParameterizedTest
    @CsvSource({
        // On 29 March 2026 the clocks of Berlin go from two to three, on 25 October from three to two.
        "2026-03-29T00:59:59Z, 2026-03-28T01:30:00Z",
        "2026-03-29T01:30:00Z, 2026-03-29T01:30:00Z",
        "2026-10-25T00:29:59Z, 2026-10-24T00:30:00Z",
        "2026-10-25T00:30:00Z, 2026-10-25T00:30:00Z",
        "2026-10-25T01:45:00Z, 2026-10-25T00:30:00Z",
        "2026-10-26T01:30:00Z, 2026-10-26T01:30:00Z"
    })
    void a_digest_is_due_once_a_day_whatever_the_clocks_do(Instant now, Instant due) {
        Digest daily = new Digest(Optional.empty(), LocalTime.of(2, 30), ZoneId.of("Europe/Berlin"), false);
        assertThat(daily.latest(now)).isEqualTo(due);
    }

    @Test
    void a_weekly_digest_is_due_on_its_day() {
        Digest weekly = new Digest(Optional.of(DayOfWeek.MONDAY), LocalTime.of(7, 0), ZoneId.of("UTC"), false);
        assertThat(weekly.latest(Instant.parse("2026-11-30T06:59:00Z"))).isEqualTo("2026-11-23T07:00:00Z");
        assertThat(weekly.latest(Instant.parse("2026-11-30T07:00:00Z"))).isEqualTo("2026-11-30T07:00:00Z");
        assertThat(weekly.latest(Instant.parse("2026-12-06T23:00:00Z"))).isEqualTo("2026-11-30T07:00:00Z");
    }

    @Test
    void channels_and_rules_are_read() {
        NotificationsConfig config = read(GOOD);
        assertThat(config.channels()).containsOnlyKeys("ops", "beat");
        assertThat(config.rules()).singleElement().satisfies(rule -> {
            assertThat(rule.channels()).containsExactly("ops");
            assertThat(rule.events())
                    .containsExactlyInAnyOrder(NotificationEvent.RUN_FAILED, NotificationEvent.EXPECTATION_BROKEN);
            assertThat(rule.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(rule.repeat()).contains(Duration.ofHours(4));
            assertThat(rule.resolved()).isTrue();
        });
        assertThat(config.toString()).doesNotContain("token", "whsec");
    }

    @Test
    void without_rules_everything_goes_everywhere_but_to_heartbeats() {
        Map<String, Object> values = new HashMap<>(GOOD);
        values.keySet().removeIf(key -> key.startsWith("rules"));
        assertThat(read(values).rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.channels()).containsExactly("ops"));
        assertThat(read(Map.of()).rules()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "channels.ops.type | pager | give webhook, slack, email, file or heartbeat",
                "channels.ops.url | https://example.org | is given more than once",
                "channels.ops.secret-env | MISSING | has no variable MISSING",
                "channels.beat.url | ftp://example.org | is not an http or https URL",
                "channels.beat.url | https://u:p@example.org | has a user in it",
                "channels.beat.every | 1ms | must lie between",
                "rules.urgent.channels | nobody | there is no channel nobody",
                "rules.urgent.channels | beat | there is no channel beat",
                "rules.urgent.events | run.fialed | run.fialed is not known",
                "rules.urgent.severity | bad | give info, warning or critical",
                "retention | 1h | must lie between"
            })
    void what_is_wrong_is_told_with_its_key(String key, String value, String words) {
        Map<String, Object> values = new HashMap<>(GOOD);
        values.put(key, value);
        assertThatThrownBy(() -> read(values))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("caretaker.notifications." + key)
                .hasMessageContaining(words);
    }

    @Test
    void only_known_keys_are_its_own() {
        assertThat(NotificationsReader.owns("notifications.channels.ops.url-file"))
                .isTrue();
        assertThat(NotificationsReader.owns("notifications.rules.ops.repeat")).isTrue();
        assertThat(NotificationsReader.owns("notifications.retention")).isTrue();
        assertThat(NotificationsReader.owns("notifications.rules.ops.url")).isFalse();
        assertThat(NotificationsReader.owns("notifications.channels.ops")).isFalse();
        assertThat(NotificationsReader.owns("notifications.channels")).isFalse();
    }

    private static NotificationsConfig read(Map<String, Object> values) {
        Map<String, Object> full = new HashMap<>();
        values.forEach((key, value) -> full.put("caretaker.notifications." + key, value));
        Map<String, String> variables =
                Map.of("URL", "https://example.org/token", "SECRET", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        try (ApplicationContext context = ApplicationContext.builder()
                .propertySources(PropertySource.of("test", full))
                .build()) {
            Environment environment = context.getEnvironment();
            environment.start();
            return NotificationsReader.read(environment, variables::get);
        }
    }
}
