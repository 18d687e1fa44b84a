package dev.caretaker.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.FilterReply;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caretaker.server.store.OutageFilter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server's log looks like. */
class LogTest {

    @ParameterizedTest
    @ValueSource(strings = {"com.github.kagkarlsson.scheduler.Executor", "com.zaxxer.hikari.pool.PoolBase"})
    void libraries_that_lost_the_control_store_say_so_in_one_line(String logger) throws Exception {
        Throwable lost = new RuntimeException(new SQLException("the connection\n  is lost"));

        assertThat(line(logger, "Failed to fetch.", lost))
                .endsWith(
                        " Failed to fetch. | java.lang.RuntimeException: java.sql.SQLException: the connection is lost"
                                + " Caused by: java.sql.SQLException: the connection is lost\n")
                .hasLineCount(1);
        assertThat(line(logger, "All is well.", null)).endsWith(" All is well.\n");
    }

    @Test
    void that_the_control_store_is_away_is_not_repeated_by_every_library() {
        OutageFilter filter = new OutageFilter();
        Logger logger = new LoggerContext().getLogger("com.github.kagkarlsson.scheduler.Executor");
        Throwable away = new RuntimeException(new SQLException("terminating connection", "57P01"));
        Throwable full = new SQLTransientConnectionException("Connection is not available");
        Throwable wrong = new RuntimeException(new SQLException("no such table", "42P01"));

        assertThat(filter.decide(event(logger, away))).isEqualTo(FilterReply.DENY);
        assertThat(filter.decide(event(logger, full))).isEqualTo(FilterReply.DENY);
        assertThat(filter.decide(event(logger, wrong))).isEqualTo(FilterReply.NEUTRAL);
        assertThat(filter.decide(event(logger, null))).isEqualTo(FilterReply.NEUTRAL);
    }

    @Test
    void as_json_a_line_has_its_message_its_run_and_its_stack_trace() throws Exception {
        LoggerContext context = configured();
        context.setMDCAdapter(new LogbackMDCAdapter());
        JsonLog.use(context);
        LoggingEvent event = new LoggingEvent(
                LogTest.class.getName(),
                context.getLogger("dev.caretaker.server.run.engine.RunWork"),
                Level.WARN,
                "run {}: step {} failed\n\"so\"",
                new IllegalStateException("why"),
                new Object[] {"r", 1});
        event.setMDCPropertyMap(Map.of("run", "r", "step", "1", "target", "shop", "trace_id", "t"));

        String line = written(context, event);
        assertThat(line).hasLineCount(1);
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.path("level").asText()).isEqualTo("WARN");
        assertThat(json.path("formattedMessage").asText()).isEqualTo("run r: step 1 failed\n\"so\"");
        assertThat(json.path("mdc").path("run").asText()).isEqualTo("r");
        assertThat(json.path("mdc").path("trace_id").asText()).isEqualTo("t");
        assertThat(json.path("throwable").path("message").asText()).isEqualTo("why");
        assertThat(json.path("timestamp").asLong()).isPositive();
    }

    private static LoggingEvent event(Logger logger, Throwable thrown) {
        return new LoggingEvent(LogTest.class.getName(), logger, Level.ERROR, "Failed.", thrown, null);
    }

    @Test
    void what_caretaker_did_not_expect_is_told_with_its_stack_trace() throws Exception {
        assertThat(line("dev.caretaker.server.run.engine.RunWork", "A step failed", new IllegalStateException("why")))
                .contains("A step failed\njava.lang.IllegalStateException: why\n\tat ");
    }

    /** As the server's own configuration writes it. */
    private static String line(String name, String message, Throwable thrown) throws Exception {
        LoggerContext context = configured();
        Logger logger = context.getLogger(name);
        return written(context, new LoggingEvent(LogTest.class.getName(), logger, Level.ERROR, message, thrown, null));
    }

    private static LoggerContext configured() throws Exception {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogTest.class.getResource("/logback.xml"));
        return context;
    }

    private static String written(LoggerContext context, ILoggingEvent event) {
        Logger configured = context.getLogger(event.getLoggerName());
        while (!configured.iteratorForAppenders().hasNext()) {
            configured = parent(context, configured);
        }
        var appender = (OutputStreamAppender<ILoggingEvent>)
                configured.iteratorForAppenders().next();
        return new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8);
    }

    private static Logger parent(LoggerContext context, Logger logger) {
        int dot = logger.getName().lastIndexOf('.');
        return context.getLogger(
                dot < 0 ? Logger.ROOT_LOGGER_NAME : logger.getName().substring(0, dot));
    }
}
