package dev.caretaker.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.config.NotificationEvent.Severity;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
                "channels.ops.type | pager | give webhook, slack, file or heartbeat",
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
