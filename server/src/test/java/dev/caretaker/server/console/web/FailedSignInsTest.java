package dev.caretaker.server.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FailedSignInsTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(FailedSignIns.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Hands clock = new Hands();

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
    void the_log_has_a_line_a_minute_that_counts_them_and_says_from_where() {
        FailedSignIns failed = new FailedSignIns(clock, Duration.ZERO);

        failed.add("192.0.2.1");
        failed.add("192.0.2.2");
        failed.add("192.0.2.3");
        clock.now = clock.now.plusSeconds(60);
        failed.add("192.0.2.4");

        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "sign-ins to the console with a token that nobody has: 1, the last from 192.0.2.1",
                        "sign-ins to the console with a token that nobody has: 3, the last from 192.0.2.4");
    }

    @Test
    void each_of_them_takes_its_time() {
        FailedSignIns failed = new FailedSignIns(clock, Duration.ofMillis(200));
        long begun = System.nanoTime();

        failed.add("192.0.2.1");

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    /** A clock that is set. */
    private static final class Hands extends Clock {
        private Instant now = Instant.parse("2026-03-01T12:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
