package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import io.micronaut.context.ApplicationContext;
import io.micronaut.inject.BeanDefinition;
import io.micronaut.inject.qualifiers.Qualifiers;
import io.micronaut.scheduling.TaskExceptionHandler;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.scheduling.executor.ExecutorConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A server that is stopped as soon as it has started. */
class TicksTest {

    @Test
    void what_ticks_is_there_from_the_start_on_and_a_stop_is_no_error() {
        starts_and_stops(() -> {});
    }

    @Test
    void it_is_there_too_where_the_common_pool_has_other_things_to_do_at_first() throws InterruptedException {
        int threads = ForkJoinPool.getCommonPoolParallelism();
        CountDownLatch busy = new CountDownLatch(threads);
        CountDownLatch started = new CountDownLatch(1);
        for (int i = 0; i < threads; i++) {
            ForkJoinPool.commonPool().execute(() -> {
                busy.countDown();
                await(started);
            });
        }
        try {
            assertThat(busy.await(60, TimeUnit.SECONDS)).isTrue();
            starts_and_stops(started::countDown);
        } finally {
            started.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param looked called when it was looked for what ticks */
    private static void starts_and_stops(Runnable looked) {
        Database store = TestPostgres.newest().database();
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(TaskExceptionHandler.class.getPackageName());
        said.start();
        List<String> ours = new ArrayList<>();
        logger.addAppender(said);
        try (ApplicationContext server = ApplicationContext.builder(Map.of(
                        "caretaker.listen.port", 0,
                        "caretaker.control-store.url", store.url(),
                        "caretaker.control-store.user", store.user(),
                        "caretaker.control-store.password", store.password()))
                .start()) {
            List<BeanDefinition<?>> ticking = server.getAllBeanDefinitions().stream()
                    .filter(definition -> definition.getBeanType().getName().startsWith("dev.caretaker.server."))
                    .filter(definition -> definition.getExecutableMethods().stream()
                            .anyMatch(method -> method.hasAnnotation(Scheduled.class)))
                    .toList();
            assertThat(ticking).hasSizeGreaterThan(20);
            long ticks = ticking.stream()
                    .flatMap(definition -> definition.getExecutableMethods().stream())
                    .filter(method -> method.hasAnnotation(Scheduled.class))
                    .count();
            assertThat(server.getBean(ExecutorConfiguration.class, Qualifiers.byName(TaskExecutors.SCHEDULED))
                            .getCorePoolSize())
                    .as("a thread each: one that waits keeps no other from its time")
                    .isGreaterThanOrEqualTo((int) ticks);
            assertThat(ticking).allSatisfy(definition -> {
                var beans = server.getActiveBeanRegistrations(definition.getBeanType());
                assertThat(beans).isNotEmpty();
                beans.forEach(bean -> ours.add("for bean [" + bean.bean() + "]"));
            });
            looked.run();
        } finally {
            logger.detachAppender(said);
        }
        assertThat(said.list)
                .filteredOn(event -> event.getLevel() == Level.ERROR)
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(message -> !isOfAnother(message, ours))
                .isEmpty();
    }

    /** Servers of other tests may be in this process, whose control stores are gone. */
    private static boolean isOfAnother(String message, List<String> ours) {
        return message.contains("for bean [") && ours.stream().noneMatch(message::contains);
    }
}
