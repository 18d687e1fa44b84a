package dev.caretaker.server.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.caretaker.server.store.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class TokensTest {
    @TempDir
    Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger(Tokens.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    private List<ILoggingEvent> errors() {
        return log.list.stream()
                .filter(event -> event.getLevel() == Level.ERROR)
                .toList();
    }

    @Test
    void a_file_that_became_wrong_is_complained_of_once_however_many_call() throws Exception {
        String line = "ops: " + HexFormat.of().formatHex(Sha256.of("secret")) + "\n";
        Path file = Files.writeString(folder.resolve("tokens"), line);
        Tokens tokens = new Tokens(KnownCallers.KEY, file);

        Files.writeString(file, line + "not a token\n");
        for (int call = 0; call < 5; call++) {
            assertThat(tokens.nameOf("secret")).contains("ops");
        }
        assertThat(errors())
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
                .asString()
                .contains("line 2 of " + file);

        Files.writeString(file, "not a token\nci: " + HexFormat.of().formatHex(Sha256.of("other")) + "\n");
        for (int call = 0; call < 5; call++) {
            assertThat(tokens.nameOf("secret")).as("taken out of the file").isEmpty();
            assertThat(tokens.nameOf("other")).contains("ci");
        }
        assertThat(tokens.problem())
                .contains("line 1 of " + file + " is not \"name: sha256 in hex\" and lets nobody in");
        Files.writeString(file, line);
        assertThat(tokens.nameOf("secret")).contains("ops");
        assertThat(tokens.problem()).isEmpty();

        Files.delete(file);
        for (int call = 0; call < 5; call++) {
            assertThat(tokens.nameOf("secret")).contains("ops");
        }
        assertThat(errors()).hasSize(3);
        assertThat(errors().getLast().getFormattedMessage()).contains("still holds: there is no such file");

        Files.writeString(file, line);
        assertThat(tokens.nameOf("secret")).contains("ops");
        Files.writeString(file, line + "not a token\n");
        assertThat(tokens.nameOf("secret")).contains("ops");
        assertThat(errors().getLast().getFormattedMessage())
                .as("told again once it was right in between")
                .contains("line 2 of " + file);
    }

    @Test
    void a_file_that_was_emptied_lets_nobody_in_and_says_so() throws Exception {
        String line = "ops: " + HexFormat.of().formatHex(Sha256.of("secret")) + "\n";
        Path file = Files.writeString(folder.resolve("tokens"), line);
        Tokens tokens = new Tokens(KnownCallers.KEY, file);
        Files.writeString(file, "# nobody\n");
        assertThat(tokens.nameOf("secret")).isEmpty();
        assertThat(tokens.problem()).contains(file + " holds no token any more, so nobody gets in by one");
        Files.writeString(file, line);
        assertThat(tokens.nameOf("secret")).contains("ops");
        assertThat(tokens.problem()).isEmpty();
    }
}
