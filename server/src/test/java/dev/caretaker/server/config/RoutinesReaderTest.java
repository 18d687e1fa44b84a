package dev.caretaker.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.config.RoutineConfig.Part;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutinesReaderTest {
    @Test
    void two_routines_are_there_from_the_start() {
        var routines = read(Map.of()).byName();
        assertThat(routines).containsOnlyKeys("standard", "full");
        assertThat(routines.get("standard").parts())
                .doesNotContain(Part.REINDEX)
                .contains(Part.VACUUM, Part.CLEANUP);
        assertThat(routines.get("full").parts()).contains(Part.REINDEX, Part.FREEZE, Part.STATISTICS);
        assertThat(routines.get("standard").deadline()).isEqualTo(Duration.ofHours(1));
        assertThat(routines.get("standard").cancelQueries().enabled()).isFalse();
    }

    @Test
    void ones_own_routine_has_the_thresholds_it_names_and_the_usual_ones() {
        RoutineConfig mine = read(Map.of(
                        "caretaker.routines.mine.parts",
                        List.of("vacuum", "cancel-queries"),
                        "caretaker.routines.mine.window",
                        "22:00-05:00 Europe/Berlin",
                        "caretaker.routines.mine.vacuum.dead-percent",
                        5,
                        "caretaker.routines.mine.cancel-queries.enabled",
                        true,
                        "caretaker.routines.mine.reindex.min-bloat",
                        "1MB"))
                .byName()
                .get("mine");
        assertThat(mine.parts()).containsExactly(Part.VACUUM, Part.CANCEL_QUERIES);
        assertThat(mine.window().orElseThrow().start()).isEqualTo(LocalTime.of(22, 0));
        assertThat(mine.vacuum().deadPercent()).isEqualTo(5);
        assertThat(mine.vacuum().changedPercent()).isEqualTo(10);
        assertThat(mine.cancelQueries().enabled()).isTrue();
        assertThat(mine.reindex().minimumBytes()).isEqualTo(1 << 20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "parts | sweep | sweep is not known; known are cancel-queries",
                "parts | vacuum,vacuum | names a part more than once",
                "window | at night | is not a window such as",
                "deadline | soon | is not a duration",
                "vacuum.dead-percent | 101 | must lie between"
            })
    void what_is_wrong_is_told_with_its_key(String key, String value, String words) {
        assertThatThrownBy(() -> read(Map.of("caretaker.routines.standard." + key, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("caretaker.routines.standard." + key)
                .hasMessageContaining(words);
    }

    @Test
    void only_known_keys_are_its_own() {
        assertThat(RoutinesReader.owns("routines.mine.vacuum.dead-percent")).isTrue();
        assertThat(RoutinesReader.owns("routines.mine.vacuum.dead")).isFalse();
        assertThat(RoutinesReader.owns("routines.mine")).isFalse();
    }

    private static RoutinesConfig read(Map<String, Object> values) {
        try (ApplicationContext context = ApplicationContext.builder()
                .propertySources(PropertySource.of("test", values))
                .build()) {
            Environment environment = context.getEnvironment();
            environment.start();
            return new RoutinesReader().read(environment);
        }
    }
}
