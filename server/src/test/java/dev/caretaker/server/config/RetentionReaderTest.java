package dev.caretaker.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caretaker.server.config.GrowthConfig.Limits;
import dev.caretaker.server.config.RetentionConfig.Kept;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RetentionReaderTest {
    private static RetentionConfig read(Map<String, Object> keys) {
        Environment environment = environment(keys);
        return new RetentionReader()
                .read(
                        environment,
                        new EngineReader().read(environment),
                        new SchedulesReader().read(environment),
                        new NotificationsReader().read(environment));
    }

    private static Environment environment(Map<String, Object> keys) {
        Map<String, Object> properties = new HashMap<>();
        keys.forEach((key, value) -> properties.put("caretaker." + key, value));
        return ApplicationContext.builder(properties)
                .deduceEnvironment(false)
                .build()
                .getEnvironment()
                .start();
    }

    @Test
    void everything_has_a_default() {
        assertThat(read(Map.of())).isEqualTo(RetentionConfig.DEFAULT);
        assertThat(read(Map.of("retention.audit", "2 days")).span(Kept.AUDIT)).isEqualTo(Duration.ofDays(2));
    }

    @Test
    void the_earlier_keys_go_on_to_be_read() {
        RetentionConfig config = read(Map.of(
                "engine.run-retention", "10d",
                "engine.progress-retention", "2d",
                "schedules.fire-retention", "3d",
                "notifications.retention", "4d"));
        assertThat(config.span(Kept.RUNS)).isEqualTo(Duration.ofDays(10));
        assertThat(config.span(Kept.DEBTS)).isEqualTo(Duration.ofDays(10));
        assertThat(config.span(Kept.PROGRESS)).isEqualTo(Duration.ofDays(2));
        assertThat(config.span(Kept.FIRES)).isEqualTo(Duration.ofDays(3));
        assertThat(config.span(Kept.NOTIFICATIONS)).isEqualTo(Duration.ofDays(4));
    }

    @Test
    void both_names_of_one_are_an_error_and_so_is_what_is_too_short() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(Map.of("engine.run-retention", "10d", "retention.runs", "20d")))
                .withMessage(
                        "caretaker.retention.runs: and caretaker.engine.run-retention are the same: give only one");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(Map.of("retention.notifications", "1d")))
                .withMessageContaining("caretaker.retention.notifications: must lie between");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(Map.of("retention.plans", "long")))
                .withMessageContaining("caretaker.retention.plans: is not a duration");
    }

    private static GrowthConfig growth(Map<String, Object> keys) {
        Map<String, Object> all = new HashMap<>(keys);
        all.put("targets.shop.url", "jdbc:postgresql://db/shop");
        Environment environment = environment(all);
        return new GrowthReader().read(environment, ConfigReader.read(environment, name -> null));
    }

    @Test
    void limits_of_tables_are_read_by_their_names() {
        assertThat(growth(Map.of())).isEqualTo(GrowthConfig.DEFAULT);
        Limits limits = growth(Map.of(
                        "targets.shop.disk-size", "1TB",
                        "targets.shop.table-limit", "50GB",
                        "targets.shop.table-limits", List.of("events = 200GB", "app.a=b=1kB")))
                .limits("shop");
        assertThat(limits.diskBytes()).hasValue(1L << 40);
        assertThat(limits.of("public.events")).hasValue(200L << 30);
        assertThat(limits.of("app.a=b")).hasValue(1_024);
        assertThat(limits.of("public.other")).hasValue(50L << 30);
        assertThat(GrowthConfig.DEFAULT.limits("shop").of("public.other")).isEqualTo(OptionalLong.empty());
    }

    @Test
    void what_is_no_limit_is_told() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> growth(Map.of("targets.shop.table-limits", List.of("events"))))
                .withMessage("caretaker.targets.shop.table-limits: is not like \"events = 50GB\": events");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> growth(Map.of("targets.shop.table-limits", List.of("events = much"))))
                .withMessage("caretaker.targets.shop.table-limits: is not a size such as 64MB: much");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() ->
                        growth(Map.of("targets.shop.table-limits", List.of("events = 1GB", "public.events = 2GB"))))
                .withMessage("caretaker.targets.shop.table-limits: has two limits of public.events");
    }
}
