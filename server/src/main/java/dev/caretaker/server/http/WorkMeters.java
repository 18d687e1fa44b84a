package dev.caretaker.server.http;

import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunListener;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.run.ThrottleSignal;
import dev.caretaker.server.schedule.FireListener;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.Totals;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Counts what this process does. Each of several servers counts its own; their sum is what was done. */
@Singleton
final class WorkMeters implements RunListener, FireListener {
    private static final String OWN = ", by this process since it started";

    private final PrometheusMeterRegistry registry;

    WorkMeters(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Work begins(RunKind kind, String target) {
        return new Counting(label(kind), target);
    }

    @Override
    public void decided(String schedule, FireOutcome outcome, long times) {
        fires(schedule, outcome).increment(times);
    }

    /**
     * What goes wrong is counted from 0 on: of a counter that begins with its first event, Prometheus sees no increase.
     *
     * @param targets that are configured
     * @param schedules that there are
     */
    void expect(Collection<String> targets, Collection<String> schedules) {
        for (String target : targets) {
            for (RunKind kind : RunKind.values()) {
                runs(label(kind), target, Outcome.FAILED);
            }
        }
        for (String schedule : schedules) {
            fires(schedule, FireOutcome.MISSED);
            fires(schedule, FireOutcome.REFUSED);
        }
    }

    private Counter fires(String schedule, FireOutcome outcome) {
        return Counter.builder("caretaker.schedule.fires")
                .description("Nominal times of schedules by what became of them" + OWN)
                .tags("schedule", schedule, "outcome", label(outcome))
                .register(registry);
    }

    private Counter runs(String kind, String target, Outcome outcome) {
        return Counter.builder("caretaker.runs")
                .description("Runs that ended" + OWN)
                .tags("kind", kind, "target", target, "outcome", label(outcome))
                .register(registry);
    }

    /** Work of this process on one run; what was done before it began is somebody else's. */
    private final class Counting implements Work {
        private final String kind;
        private final String target;
        private final Map<Integer, Done> counted = new HashMap<>();

        private Counting(String kind, String target) {
            this.kind = kind;
            this.target = target;
        }

        @Override
        public synchronized void happened(RunEvent event) {
            switch (event) {
                case RunEvent.StepStarted started ->
                    counted.computeIfAbsent(started.step().ordinal(), ordinal -> Done.of(started.step()));
                case RunEvent.Progress progress -> rows(progress.step(), progress.rowsDone());
                case RunEvent.StepFinished finished -> finished(finished.step());
                case RunEvent.Finished finished -> ended(finished);
                case RunEvent.Accepted ignored -> {}
                case RunEvent.StateChanged ignored -> {}
                case RunEvent.Throttled ignored -> {}
                case RunEvent.Warning ignored -> {}
            }
        }

        @Override
        public void heldBack(ThrottleSignal signal, Duration time) {
            Counter.builder("caretaker.throttle")
                    .description("Time for which batches were held back" + OWN)
                    .baseUnit("seconds")
                    .tags("target", target, "signal", label(signal))
                    .register(registry)
                    .increment(time.toNanos() / 1e9);
        }

        private void rows(int step, long done) {
            Done before = counted.get(step);
            if (before != null && done > before.rows()) {
                Counter.builder("caretaker.rows.deleted")
                        .description("Rows removed by policies, without those that foreign keys took along" + OWN)
                        .tags("target", target, "policy", before.policy())
                        .register(registry)
                        .increment(done - before.rows());
                counted.put(step, before.withRows(done));
            }
        }

        private void finished(StepView step) {
            counted.putIfAbsent(step.ordinal(), new Done(step.policy(), 0, 0));
            rows(step.ordinal(), step.totals().rowsDeleted());
            long bytes = step.totals().bytesReturned()
                    - counted.remove(step.ordinal()).bytesReturned();
            if (bytes > 0) {
                Counter.builder("caretaker.bytes.returned")
                        .description("Bytes given back to the file system by drops, rewrites and rebuilds" + OWN)
                        .tags("target", target, "kind", kind)
                        .register(registry)
                        .increment(bytes);
            }
        }

        private void ended(RunEvent.Finished finished) {
            runs(kind, target, finished.outcome()).increment();
        }
    }

    /** What of a step is counted, or not this process's. */
    private record Done(String policy, long rows, long bytesReturned) {
        static Done of(StepView step) {
            Totals totals = step.totals();
            return new Done(step.policy(), totals.rowsDeleted(), totals.bytesReturned());
        }

        Done withRows(long more) {
            return new Done(policy, more, bytesReturned);
        }
    }

    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
