package dev.caretaker.server.target;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SameDatabaseTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(SameDatabase.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Database here = TestPostgres.newest().database();
    private final SameDatabase same = new SameDatabase(new Targets(List.of(
            TestTargets.config("main", here),
            TestTargets.config("alias", here),
            TestTargets.config("other", TestPostgres.newest().database()),
            TargetConfig.of("refusing", here.url(), Credentials.of("nobody_of_that_name", "secret")),
            TargetConfig.of("away", "jdbc:postgresql://127.0.0.1:1/away", Credentials.of("nobody", "")))));

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void two_names_of_one_database_are_known_once_they_were_asked() {
        assertThat(same.known("main", "main")).contains(true);
        assertThat(same.known("main", "alias")).isEmpty();
        assertThat(same.is("main", "alias")).isTrue();
        assertThat(same.known("main", "alias")).contains(true);
        assertThat(same.known("alias", "main")).contains(true);
        assertThat(same.known("main", "other")).isEmpty();
        assertThat(same.is("main", "other")).isFalse();
        assertThat(same.known("main", "other")).contains(false);
        assertThat(log.list).isEmpty();
    }

    @Test
    void what_cannot_be_asked_is_not_the_same_and_a_refusal_is_told() {
        assertThat(same.is("main", "away")).isFalse();
        assertThat(same.is("main", "nowhere")).isFalse();
        assertThat(log.list).as("they may come back").isEmpty();
        for (int i = 0; i < 2; i++) {
            assertThat(same.is("main", "refusing")).isFalse();
        }
        assertThat(same.known("main", "refusing")).contains(false);
        assertThat(same.known("away", "main")).as("whatever the other is").contains(false);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(
                                "what works at target refusing under another name is not seen, and not waited for: ")
                        .contains("nobody_of_that_name")
                        .doesNotContain("secret"));
    }
}
