package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.TraceParent;
import dev.caretaker.server.store.RunRow;
import org.slf4j.MDC;

/** What this thread logs is of a run until this is closed: fields of structured logs. */
final class RunLog implements AutoCloseable {
    private static final String RUN = "run";
    private static final String TARGET = "target";
    private static final String TRACE = "trace_id";
    private static final String STEP = "step";

    private RunLog() {}

    static RunLog of(RunRow run) {
        MDC.put(RUN, run.id().toString());
        MDC.put(TARGET, run.target());
        run.traceParent().map(TraceParent::stored).ifPresent(trace -> MDC.put(TRACE, trace.traceId()));
        return new RunLog();
    }

    /** And of one step of it. */
    static MDC.MDCCloseable ofStep(int ordinal) {
        return MDC.putCloseable(STEP, Integer.toString(ordinal));
    }

    @Override
    public void close() {
        MDC.remove(RUN);
        MDC.remove(TARGET);
        MDC.remove(TRACE);
    }
}
