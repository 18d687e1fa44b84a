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
import io.micronaut.scheduling.TaskExceptionHandler;
import io.micronaut.scheduling.annotation.Scheduled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A server that is stopped as soon as it has started. */
class TicksTest {

    @Test
    void what_ticks_is_there_from_the_start_on_and_a_stop_is_no_error() {
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
            assertThat(ticking).allSatisfy(definition -> {
                var beans = server.getActiveBeanRegistrations(definition.getBeanType());
                assertThat(beans).isNotEmpty();
                beans.forEach(bean -> ours.add("for bean [" + bean.bean() + "]"));
            });
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
