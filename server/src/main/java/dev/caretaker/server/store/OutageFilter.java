package dev.caretaker.server.store;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/**
 * Keeps out of the log what libraries tell over and over while the control store does not answer: {@link Outage} tells it
 * once. Named in logback.xml, at the appender of these libraries.
 */
public final class OutageFilter extends Filter<ILoggingEvent> {

    @Override
    public FilterReply decide(ILoggingEvent event) {
        boolean outage = event.getThrowableProxy() instanceof ThrowableProxy thrown && isOutage(thrown.getThrowable());
        return outage ? FilterReply.DENY : FilterReply.NEUTRAL;
    }

    private static boolean isOutage(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException
                    || (cause instanceof SQLException sql && ControlStore.isOutage(sql))) {
                return true;
            }
        }
        return false;
    }
}
