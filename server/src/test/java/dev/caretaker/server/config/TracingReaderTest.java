package dev.caretaker.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracingReaderTest {
    @Test
    void by_default_nothing_is_traced() {
        assertThat(read(Map.of(), Map.of()).endpoint()).isEmpty();
        assertThat(read(Map.of(), Map.of()).batchRatio()).isEqualTo(0.01);
    }

    @Test
    void its_own_key_goes_before_what_all_programs_of_the_machine_are_told() {
        Map<String, String> machine = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://machine:4318/");
        assertThat(endpoint(Map.of(), machine)).contains("http://machine:4318/v1/traces");
        assertThat(endpoint(Map.of("otlp-endpoint", "https://own/otlp"), machine))
                .contains("https://own/otlp/v1/traces");
        assertThat(endpoint(
                        Map.of(),
                        Map.of(
                                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://machine:4318",
                                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces/as/it/is")))
                .contains("http://traces/as/it/is");
    }

    @ParameterizedTest
    @CsvSource({"OTEL_SDK_DISABLED, true", "OTEL_TRACES_EXPORTER, none"})
    void what_switches_traces_off_for_all_programs_does_so_here(String variable, String value) {
        Map<String, String> machine = new HashMap<>(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://machine:4318"));
        machine.put(variable, value);
        assertThat(endpoint(Map.of(), machine)).isEmpty();
        assertThat(endpoint(Map.of("otlp-endpoint", "http://own:4318"), machine))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "otlp-endpoint | localhost:4318 | caretaker.tracing.otlp-endpoint: must be the URL of a receiver of OTLP",
                "otlp-endpoint | http://a b | caretaker.tracing.otlp-endpoint: is no URL",
                "batch-ratio | 1.5 | caretaker.tracing.batch-ratio: must lie between 0.0 and 1.0"
            })
    void what_is_wrong_is_named(String key, String value, String message) {
        assertThatThrownBy(() -> read(Map.of(key, value), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    private static Optional<String> endpoint(Map<String, Object> own, Map<String, String> machine) {
        return read(own, machine).endpoint().map(URI::toString);
    }

    private static TracingConfig read(Map<String, Object> own, Map<String, String> machine) {
        Map<String, Object> keys = new HashMap<>();
        own.forEach((key, value) -> keys.put("caretaker.tracing." + key, value));
        try (ApplicationContext context = ApplicationContext.builder()
                .propertySources(PropertySource.of("test", keys))
                .build()) {
            Environment environment = context.getEnvironment();
            environment.start();
            return TracingReader.read(environment, machine::get);
        }
    }
}
