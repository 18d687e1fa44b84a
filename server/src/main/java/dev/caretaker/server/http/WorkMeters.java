package dev.caretaker.server.http;

import dev.caretaker.server.cleanup.step.PartitionDropKind;
import dev.caretaker.server.config.NotificationsConfig;
import dev.caretaker.server.notify.DeliveryListener;
import dev.caretaker.server.partition.upkeep.step.UpkeepKinds;
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
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what this process does. Each of several servers counts its own; their sum is what was done. */
@Singleton
final class WorkMeters implements RunListener, FireListener, DeliveryListener {
    private static final String OWN = ", by this process since it started";

    /** What became of a partition, by the kind of step that did it. */
    private static final Map<String, String> PARTITIONS = Map.of(
            UpkeepKinds.CREATE, "created",
            UpkeepKinds.ADOPT, "adopted",
            UpkeepKinds.RETIRE, "detached",
            UpkeepKinds.REATTACH, "reattached",
            UpkeepKinds.ARCHIVE, "archived",
            UpkeepKinds.DROP, "dropped",
            PartitionDropKind.NAME, "dropped");

    /** A step whose beginning was not heard of. */
    private static final String OTHER = "other";

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Set<String> SERIALIZATION = Set.of("40001", "40P01");

    private final PrometheusMeterRegistry registry;
    private final Histograms histograms;
    private final Set<String> channels;
    private final Clock clock;

    WorkMeters(
            PrometheusMeterRegistry registry, Histograms histograms, NotificationsConfig notifications, Clock clock) {
        this.registry = registry;
        this.histograms = histograms;
        this.channels = Set.copyOf(notifications.channels().keySet());
        this.clock = clock;
    }

    @Override
    public Work begins(Beginning run) {
        return new Counting(run);
    }

    @Override
    public void failed(String channel) {
        undelivered(channel).increment();
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
        lostLeases();
        channels.forEach(this::undelivered);
        for (String schedule : schedules) {
            fires(schedule, FireOutcome.MISSED);
            fires(schedule, FireOutcome.REFUSED);
        }
    }

    private Counter lockTimeouts(String target, String step) {
        return Counter.builder("caretaker.lock.timeouts")
                .description("Batches and statements that gave a lock up after its timeout" + OWN)
                .tags("target", target, "step", step)
                .register(registry);
    }

    private Counter serializationRetries(String target, String step) {
        return Counter.builder("caretaker.serialization.retries")
                .description("Batches and statements that ended in a deadlock or a serialization failure" + OWN)
                .tags("target", target, "step", step)
                .register(registry);
    }

    private Counter lostLeases() {
        return Counter.builder("caretaker.leases.lost")
                .description("Runs that another server took over while this process thought that it works on them")
                .register(registry);
    }

    private Counter undelivered(String channel) {
        return Counter.builder("caretaker.notification.failures")
                .description("Attempts to deliver a notification that failed" + OWN)
                .tags("channel", channel)
                .register(registry);
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
        private final boolean removes;
        private final Map<Integer, Done> counted = new HashMap<>();
        /** Kinds of the steps at work, by ordinal. */
        private final Map<Integer, String> steps = new ConcurrentHashMap<>();

        private final DistributionDataPoint batchSeconds;
        private final DistributionDataPoint batchRows;
        private final Instant started;

        private Counting(Beginning run) {
            this.kind = label(run.kind());
            this.target = run.target();
            this.removes = run.kind() != RunKind.RESTORE;
            this.started = run.started().orElseGet(clock::instant);
            this.batchSeconds = histograms.batchSeconds.labelValues(target);
            this.batchRows = histograms.batchRows.labelValues(target);
        }

        @Override
        public synchronized void happened(RunEvent event) {
            switch (event) {
                case RunEvent.StepStarted started -> {
                    counted.computeIfAbsent(started.step().ordinal(), ordinal -> Done.of(started.step()));
                    if (steps.put(started.step().ordinal(), started.step().kind()) == null) {
                        // From 0 on, see expect.
                        lockTimeouts(target, started.step().kind());
                        serializationRetries(target, started.step().kind());
                    }
                }
                case RunEvent.Progress progress -> {
                    // The rows that a restore has dealt with were brought back.
                    if (removes) {
                        rows(progress.step(), progress.rowsDone());
                    }
                }
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

        @Override
        public void batch(BatchReport batch) {
            batchSeconds.observe(batch.took().toNanos() / 1e9);
            batchRows.observe(batch.rows());
        }

        @Override
        public void failed(FailureReport failure) {
            String step = steps.getOrDefault(failure.step(), OTHER);
            if (failure.sqlState().equals(LOCK_NOT_AVAILABLE)) {
                lockTimeouts(target, step).increment();
            } else if (SERIALIZATION.contains(failure.sqlState())) {
                serializationRetries(target, step).increment();
            }
        }

        @Override
        public void lost() {
            lostLeases().increment();
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
            counted.putIfAbsent(step.ordinal(), Done.nothing(step.policy()));
            rows(step.ordinal(), step.totals().rowsDeleted());
            Done before = counted.remove(step.ordinal());
            steps.remove(step.ordinal());
            long archived = Done.of(step).archived() - before.archived();
            if (archived > 0) {
                Counter.builder("caretaker.rows.archived")
                        .description("Rows that policies kept elsewhere before they removed them" + OWN)
                        .tags("target", target, "policy", before.policy())
                        .register(registry)
                        .increment(archived);
            }
            long bytes = step.totals().bytesReturned() - before.bytesReturned();
            if (bytes > 0) {
                Counter.builder("caretaker.bytes.returned")
                        .description("Bytes given back to the file system by drops, rewrites and rebuilds" + OWN)
                        .tags("target", target, "kind", kind)
                        .register(registry)
                        .increment(bytes);
            }
            if (step.outcome().filter(Outcome.COMPLETE::equals).isPresent() && PARTITIONS.containsKey(step.kind())) {
                Counter.builder("caretaker.partitions")
                        .description("Steps that changed a partition, by what they did" + OWN)
                        .tags("target", target, "action", PARTITIONS.get(step.kind()))
                        .register(registry)
                        .increment();
            }
        }

        private void ended(RunEvent.Finished finished) {
            runs(kind, target, finished.outcome()).increment();
            histograms
                    .runSeconds
                    .labelValues(kind)
                    .observe(Duration.between(started, clock.instant()).toMillis() / 1e3);
        }
    }

    /** What of a step is counted, or not this process's. */
    private record Done(String policy, long rows, long archived, long bytesReturned) {
        static Done nothing(String policy) {
            return new Done(policy, 0, 0, 0);
        }

        static Done of(StepView step) {
            Totals totals = step.totals();
            long archived =
                    totals.archived().stream().mapToLong(Totals.Archived::rows).sum();
            return new Done(step.policy(), totals.rowsDeleted(), archived, totals.bytesReturned());
        }

        Done withRows(long more) {
            return new Done(policy, more, archived, bytesReturned);
        }
    }

    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
