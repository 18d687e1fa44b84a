package dev.caretaker.server.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FailedSignInsTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(FailedSignIns.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private long nanos = -1;

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
        FailedSignIns failed = new FailedSignIns(() -> nanos, Duration.ZERO);

        failed.add("192.0.2.1");
        failed.add("192.0.2.2");
        failed.add("192.0.2.3");
        nanos += TimeUnit.SECONDS.toNanos(60);
        failed.add("192.0.2.4");

        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "sign-ins to the console with a token that nobody has: 1 from 1 address, the last from 192.0.2.1",
                        "sign-ins to the console with a token that nobody has: 3 from 3 addresses, the last from 192.0.2.4");
    }

    @Test
    void what_came_within_a_minute_is_told_also_if_nobody_tries_again() {
        FailedSignIns failed = new FailedSignIns(() -> nanos, Duration.ZERO);

        for (int i = 0; i < 10_000; i++) {
            failed.add("192.0.2." + i % 7);
        }
        nanos += TimeUnit.SECONDS.toNanos(59);
        failed.tick();
        assertThat(log.list).hasSize(1);
        nanos += TimeUnit.SECONDS.toNanos(1);
        failed.tick();
        nanos += TimeUnit.SECONDS.toNanos(120);
        failed.tick();

        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .element(1)
                .isEqualTo("sign-ins to the console with a token that nobody has: 9,999 from 7 addresses,"
                        + " the last from 192.0.2.3");
        assertThat(log.list).hasSize(2);
    }

    @Test
    void each_of_them_takes_its_time() {
        FailedSignIns failed = new FailedSignIns(() -> nanos, Duration.ofMillis(200));
        long begun = System.nanoTime();

        failed.add("192.0.2.1");

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void while_many_wait_others_are_sent_away_at_once_and_a_stop_lets_all_go() throws Exception {
        FailedSignIns failed = new FailedSignIns(() -> nanos, Duration.ofHours(1));
        List<Future<Boolean>> tries = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                for (int i = 0; i < 30; i++) {
                    tries.add(threads.submit(() -> failed.add("192.0.2.1")));
                }
                Instant deadline = Instant.now().plusSeconds(30);
                while (done(tries) < 10 && Instant.now().isBefore(deadline)) {
                    Thread.sleep(10);
                }
                assertThat(done(tries)).as("sent away").isEqualTo(10);
            } finally {
                failed.release();
            }
            int delayed = 0;
            for (Future<Boolean> one : tries) {
                delayed += one.get(30, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(delayed).isEqualTo(20);
        }
    }

    private static long done(List<Future<Boolean>> tries) {
        return tries.stream().filter(Future::isDone).count();
    }
}
