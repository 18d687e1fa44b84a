package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.detect.ConfigurationFacts.BadFile;
import dev.caretaker.server.testing.TestPostgres;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationChecksTest {
    private static final String BOTH = "dev.caretaker.server.testing.TestPostgres#both";

    @ParameterizedTest
    @MethodSource(BOTH)
    @Finds("configuration-file")
    @Spares("configuration-file")
    void each_file_that_became_bad_is_told(TestPostgres server) {
        Scene scene = Scene.on(server);
        scene.spares("configuration-file");
        scene.withBadFiles(
                new BadFile("caretaker.listen.tokens-file", "line 2 of /etc/tokens lets nobody in"),
                new BadFile("caretaker.targets.app.password-file", "cannot read /run/it's: permission denied"));
        scene.finds("configuration-file", "caretaker.listen.tokens-file", "caretaker.targets.app.password-file");
        assertThat(scene.on("caretaker.listen.tokens-file", "configuration-file")
                        .message())
                .isEqualTo("The file of caretaker.listen.tokens-file has become bad:"
                        + " line 2 of /etc/tokens lets nobody in.");
    }
}
