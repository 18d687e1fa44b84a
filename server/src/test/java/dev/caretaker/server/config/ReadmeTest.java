package dev.caretaker.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The README's tables are complete. */
class ReadmeTest {
    private final String readme = Files.readString(Path.of("../README.md"));

    ReadmeTest() throws IOException {}

    @Test
    void every_reason_of_an_error_is_listed() {
        assertThat(Arrays.stream(Reason.values()).map(Enum::name).map("`%s`"::formatted))
                .allSatisfy(reason -> assertThat(readme).contains(reason));
    }

    /** A key may stand in short behind its sibling: {@code .parallelism}. */
    @Test
    void every_key_of_the_configuration_is_listed() {
        assertThat(ConfigKeys.server())
                .allSatisfy(key -> assertThat(readme)
                        .containsAnyOf("`" + key, "`" + key.replaceFirst("\\.[^.]+$", "") + ".NAME", shortened(key)));
        assertThat(ConfigKeys.target())
                .allSatisfy(key ->
                        assertThat(readme).containsAnyOf("`targets.NAME." + key, shortened("targets.NAME." + key)));
    }

    private static String shortened(String key) {
        String last = key.substring(Math.max(0, key.lastIndexOf('.')));
        return "`" + (last.startsWith(".password") ? ".password" : last);
    }
}
