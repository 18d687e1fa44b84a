package dev.caretaker.server.trace;

import dev.caretaker.server.config.TracingConfig;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunListener;
import dev.caretaker.server.run.SpanIds;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.run.TraceParent;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.trace.SpanSender.Attribute;
import dev.caretaker.server.trace.SpanSender.Told;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Tells runs as spans, each when it is over and by whichever server ended it: ids follow from those of runs, so that what several
 * servers did for one run is one tree. A trace that its caller does not record is not recorded here either.
 */
@Singleton
final class RunSpans implements RunListener {
    /** A batch that takes this multiple of its target is slow. */
    private static final int SLOW = 3;

    private final Optional<SpanSender> sender;
    private final double batchRatio;
    private final Clock clock;

    RunSpans(Optional<SpanSender> sender, TracingConfig config, Clock clock) {
        this.sender = sender;
        this.batchRatio = config.batchRatio();
        this.clock = clock;
    }

    @Override
    public Work begins(Beginning run) {
        Optional<TraceParent> trace = run.trace().filter(TraceParent::sampled);
        return sender.isPresent() && trace.isPresent() ? new Traced(sender.get(), run, trace.get()) : Work.UNHEARD;
    }

    private final class Traced implements Work {
        private final SpanSender to;
        private final Beginning run;
        private final TraceParent trace;

        private Traced(SpanSender to, Beginning run, TraceParent trace) {
            this.to = to;
            this.run = run;
            this.trace = trace;
        }

        @Override
        public void happened(RunEvent event) {
            switch (event) {
                case RunEvent.StepFinished finished -> step(finished.step());
                case RunEvent.Finished finished -> run(finished);
                default -> {}
            }
        }

        @Override
        public void batch(BatchReport batch) {
            boolean slow = batch.took().compareTo(batch.target().multipliedBy(SLOW)) > 0;
            if (slow || ThreadLocalRandom.current().nextDouble() < batchRatio) {
                Instant end = clock.instant();
                to.send(new Told(
                        "batch",
                        beneath(batch.step()),
                        Optional.empty(),
                        end.minus(batch.took()),
                        end,
                        Optional.empty(),
                        List.of(
                                Attribute.of("caretaker.run", run.id().toString()),
                                Attribute.of("caretaker.target", run.target()),
                                Attribute.of("caretaker.rows", batch.rows()),
                                Attribute.of("caretaker.slow", Boolean.toString(slow)))));
            }
        }

        @Override
        public void failed(FailureReport failure) {
            Instant end = clock.instant();
            to.send(new Told(
                    failure.batch() ? "batch" : "statement",
                    beneath(failure.step()),
                    Optional.empty(),
                    end.minus(failure.took()),
                    end,
                    Optional.of(failure.reason()),
                    List.of(
                            Attribute.of("caretaker.run", run.id().toString()),
                            Attribute.of("caretaker.target", run.target()),
                            Attribute.of("db.response.status_code", failure.sqlState()))));
        }

        private TraceParent beneath(int step) {
            return trace.at(SpanIds.of(run.id(), step));
        }

        private void step(StepView step) {
            Instant end = step.ended().orElseGet(clock::instant);
            List<Attribute> attributes = new ArrayList<>(List.of(
                    Attribute.of("caretaker.run", run.id().toString()),
                    Attribute.of("caretaker.target", run.target()),
                    Attribute.of("caretaker.step", step.ordinal()),
                    Attribute.of("caretaker.policy", step.policy()),
                    Attribute.of("db.collection.name", step.relation().toString())));
            Outcome outcome = step.outcome().orElse(Outcome.COMPLETE);
            done(attributes, outcome, step.totals());
            to.send(new Told(
                    "step " + step.kind(),
                    trace.at(SpanIds.of(run.id())),
                    Optional.of(SpanIds.of(run.id(), step.ordinal())),
                    step.started().orElse(end),
                    end,
                    error(outcome, ""),
                    attributes));
        }

        private void run(RunEvent.Finished finished) {
            List<Attribute> attributes = new ArrayList<>(List.of(
                    Attribute.of("caretaker.run", run.id().toString()),
                    Attribute.of("caretaker.target", run.target())));
            done(attributes, finished.outcome(), finished.totals());
            to.send(new Told(
                    "run " + run.kind().name().toLowerCase(Locale.ROOT),
                    trace,
                    Optional.of(SpanIds.of(run.id())),
                    run.accepted(),
                    clock.instant(),
                    error(
                            finished.outcome(),
                            finished.error().map(error -> error.reason()).orElse("")),
                    attributes));
        }

        private static void done(List<Attribute> attributes, Outcome outcome, Totals totals) {
            attributes.add(Attribute.of("caretaker.outcome", outcome.name()));
            attributes.add(Attribute.of("caretaker.rows", totals.rowsDeleted()));
            attributes.add(Attribute.of("caretaker.batches", totals.batches()));
            attributes.add(Attribute.of("caretaker.retries", totals.retries()));
            attributes.add(Attribute.of("caretaker.busy_ms", milliseconds(totals.busy())));
        }

        private static long milliseconds(Duration time) {
            return time.toMillis();
        }

        /** Its reason alone: messages of Postgres may quote rows. */
        private static Optional<String> error(Outcome outcome, String reason) {
            return outcome == Outcome.FAILED ? Optional.of(reason) : Optional.empty();
        }
    }
}
