package dev.caretaker.cli.watch;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.error.CommandNames;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.terminal.Environment;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.StepProgress;
import dev.caretaker.v1.ThrottleSignal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Plain lines for logs and pipes: everything that happens once, and progress and throttling every ten seconds. Of a routine,
 * one line a part and policy: the runs of its parts tell the rest.
 */
final class LinesSink implements RunSink {
    private static final Duration SELDOM = Duration.ofSeconds(10);

    private final Environment environment;
    private final Page page;
    private final CommandNames names;
    private final RunSteps steps;
    private final Map<ThrottleSignal, Timestamp> throttledAt = new EnumMap<>(ThrottleSignal.class);
    private Timestamp progressAt = Timestamp.getDefaultInstance();

    LinesSink(Environment environment, CommandNames names, RunSteps steps) {
        this.environment = environment;
        this.page = new Page(environment);
        this.names = names;
        this.steps = steps;
    }

    @Override
    public void event(RunEvent event) {
        switch (event.getEventCase()) {
            case ACCEPTED -> {
                steps.accept(event.getAccepted().getStepsList());
                String kind = Names.words(event.getAccepted().getKind(), "RUN_KIND_");
                line(
                        event,
                        "run " + event.getRunId() + ": " + kind + " of "
                                + event.getAccepted().getTarget() + ", " + steps.count()
                                + (steps.count() == 1 ? " step" : " steps"));
            }
            case STATE_CHANGED -> {
                RunState from = event.getStateChanged().getFrom();
                RunState to = event.getStateChanged().getTo();
                boolean throttling = to == RunState.RUN_STATE_THROTTLED
                        || from == RunState.RUN_STATE_THROTTLED && to == RunState.RUN_STATE_RUNNING;
                boolean waitsForPart =
                        steps.areParts() && (to == RunState.RUN_STATE_RUNNING || to == RunState.RUN_STATE_WAITING_LOCK);
                if (!throttling && !waitsForPart) {
                    line(event, EventText.state(event.getStateChanged()));
                }
            }
            case STEP_STARTED -> {
                RunStep step = event.getStepStarted().getStep();
                steps.put(step);
                progressAt = event.getTime();
                if (!steps.areParts()) {
                    line(
                            event,
                            steps.label(step.getOrdinal())
                                    + (event.getStepStarted().getResumed() ? " goes on" : " starts"));
                }
            }
            case PROGRESS -> progress(event, event.getProgress());
            case THROTTLED -> {
                ThrottleSignal signal = event.getThrottled().getSignal();
                if (isDue(throttledAt.get(signal), event.getTime())) {
                    throttledAt.put(signal, event.getTime());
                    line(event, EventText.throttled(event.getThrottled()));
                }
            }
            case WARNING -> line(event, EventText.warning(event.getWarning(), names));
            case STEP_FINISHED -> {
                RunStep step = event.getStepFinished().getStep();
                steps.put(step);
                String what = steps.areParts() ? steps.part(step.getOrdinal()) : steps.label(step.getOrdinal());
                line(event, what + ": " + EventText.finished(step));
            }
            case FINISHED, HEARTBEAT, EVENT_NOT_SET -> {
                // The summary says how it ended; events of a newer server are skipped.
            }
        }
    }

    private void progress(RunEvent event, StepProgress progress) {
        if (isDue(progressAt, event.getTime())) {
            progressAt = event.getTime();
            line(
                    event,
                    steps.label(progress.getStep()) + ": " + Math.round(Math.floor(progress.getFraction() * 100))
                            + " %, " + String.join(", ", EventText.figures(progress)));
        }
    }

    private static boolean isDue(Timestamp last, Timestamp now) {
        return last == null || Durations.between(last, now).compareTo(SELDOM) >= 0;
    }

    private void line(RunEvent event, String text) {
        page.line(Human.instant(event.getTime()) + "  " + text);
    }

    @Override
    public void notice(String sentence) {
        environment.err().println(sentence);
    }

    @Override
    public boolean isGone() {
        return environment.out().checkError();
    }
}
