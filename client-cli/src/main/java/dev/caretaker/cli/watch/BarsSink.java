package dev.caretaker.cli.watch;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.error.CommandNames;
import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.output.Page;
import dev.caretaker.cli.output.Style;
import dev.caretaker.cli.output.Text;
import dev.caretaker.cli.terminal.Environment;
import dev.caretaker.cli.units.Human;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.StepProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * For terminals: what is done scrolls up, and the last lines, redrawn in place, show the bar of the current step and what
 * the run is doing.
 */
final class BarsSink implements RunSink {
    private static final Duration FRAME = Duration.ofMillis(100);

    private final Environment environment;
    private final PrintStream out;
    private final Page page;
    private final CommandNames names;
    private final RunSteps steps;
    private StepProgress progress;
    private int step;
    private String state = "";
    private String waits = "";
    private Timestamp began;
    private int drawn;
    private Instant drawnAt = Instant.EPOCH;

    BarsSink(Environment environment, CommandNames names, RunSteps steps) {
        this.environment = environment;
        this.out = environment.out();
        this.page = new Page(environment);
        this.names = names;
        this.steps = steps;
    }

    @Override
    public void event(RunEvent event) {
        if (began == null) {
            began = event.getTime();
        }
        switch (event.getEventCase()) {
            case ACCEPTED -> {
                steps.accept(event.getAccepted().getStepsList());
                lasting(
                        Style.BOLD,
                        "Run " + event.getRunId() + ": "
                                + Names.words(event.getAccepted().getKind(), "RUN_KIND_") + " of "
                                + event.getAccepted().getTarget());
            }
            case STATE_CHANGED -> {
                state = EventText.state(event.getStateChanged());
                if (event.getStateChanged().getTo() != RunState.RUN_STATE_THROTTLED) {
                    waits = "";
                }
            }
            case STEP_STARTED -> {
                steps.put(event.getStepStarted().getStep());
                step = event.getStepStarted().getStep().getOrdinal();
                progress = null;
            }
            case PROGRESS -> {
                progress = event.getProgress();
                step = progress.getStep();
                waits = "";
            }
            case THROTTLED -> waits = EventText.throttled(event.getThrottled());
            case WARNING ->
                lasting(
                        event.getWarning().getNote() ? Style.PLAIN : Style.CAREFUL,
                        "  " + EventText.warning(event.getWarning(), names));
            case STEP_FINISHED -> finished(event.getStepFinished().getStep());
            case FINISHED -> {
                step = 0;
                state = "";
                waits = "";
            }
            case HEARTBEAT, EVENT_NOT_SET -> {
                // Events of a newer server are skipped.
            }
        }
        // A replay brings thousands of events a second; what is not drawn now is drawn by a later one, or by the next
        // tick.
        boolean erased = drawn == 0;
        if (erased
                || Duration.between(drawnAt, environment.clock().instant())
                                .abs()
                                .compareTo(FRAME)
                        >= 0) {
            draw();
        }
    }

    private void finished(RunStep done) {
        steps.put(done);
        waits = "";
        boolean well = done.getOutcome() == RunOutcome.RUN_OUTCOME_COMPLETE
                || done.getOutcome() == RunOutcome.RUN_OUTCOME_SKIPPED;
        lasting(
                well ? Style.GOOD : done.getOutcome() == RunOutcome.RUN_OUTCOME_FAILED ? Style.BAD : Style.CAREFUL,
                (well ? "✓ " : "! ") + steps.label(done.getOrdinal()) + ": " + EventText.finished(done));
        if (step == done.getOrdinal()) {
            step = 0;
            progress = null;
        }
    }

    @Override
    public void alive(RunState now) {
        if (state.isEmpty()) {
            state = Names.state(now);
        }
        draw();
    }

    @Override
    public void notice(String sentence) {
        lasting(Style.CAREFUL, sentence);
        draw();
    }

    @Override
    public void tick() {
        draw();
    }

    @Override
    public void close() {
        erase();
        out.flush();
    }

    private void lasting(Style style, String text) {
        erase();
        page.paragraph("", style, text);
    }

    private void draw() {
        int columns = Math.max(10, environment.terminal().columns() - 1);
        List<String> lines = new ArrayList<>();
        if (step > 0) {
            lines.add(new Bar(Text.visible(steps.shortLabel(step)), progress).line(columns));
        }
        String doing = waits.isEmpty() ? state : waits;
        if (!doing.isEmpty()) {
            lines.add(Text.fit(Text.visible("  " + doing + elapsed()), columns));
        }
        StringBuilder frame = new StringBuilder(eraser());
        frame.append(String.join("\n", lines));
        drawn = lines.size();
        drawnAt = environment.clock().instant();
        out.print(frame);
        out.flush();
    }

    private String elapsed() {
        if (began == null) {
            return "";
        }
        Duration since = Duration.between(
                Instant.ofEpochSecond(began.getSeconds()), environment.clock().instant());
        return since.getSeconds() < 1 ? "" : " · " + Human.duration(Duration.ofSeconds(since.getSeconds()));
    }

    private void erase() {
        out.print(eraser());
        drawn = 0;
    }

    /** Back to where drawing began, and everything below gone. */
    private String eraser() {
        return drawn == 0 ? "" : "\r" + (drawn > 1 ? "\u001b[" + (drawn - 1) + "A" : "") + "\u001b[J";
    }
}
