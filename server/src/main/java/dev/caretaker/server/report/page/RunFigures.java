package dev.caretaker.server.report.page;

import dev.caretaker.server.report.RunReport;
import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.run.RunError;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.ReportRows.StateTime;
import dev.caretaker.server.store.ReportStore.Some;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Sums and sentences of a report of a run, as its pages show them. */
public record RunFigures(RunReport report) {
    /** Narrower ones would not be seen, in hundredths of the whole. */
    private static final double NARROWEST = 0.4;

    /**
     * Part of the time in a picture 100 wide.
     *
     * @param from left edge
     */
    public record Piece(String tone, String from, String width) {}

    private RunView run() {
        return report.run();
    }

    /** "Complete", "Failed", "At work". */
    public String standing() {
        String text = run().outcome().isPresent() ? Words.of(run().outcome()) : Words.of(run().state());
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /** Error or reason of its state; empty if it is complete. */
    public String why() {
        if (run().outcome().equals(Optional.of(Outcome.COMPLETE))) {
            return "";
        }
        return run().error().map(RunError::message).orElse(run().stateReason());
    }

    /** What a plan expected, or what went beside. */
    public String expected() {
        long cascaded = run().totals().rowsCascaded();
        if (cascaded > 0) {
            return Show.count(cascaded) + " more through foreign keys";
        }
        return report.plan()
                .flatMap(RunReport.Plan::expected)
                .map(expected -> Show.count(expected.rows()) + " expected")
                .orElse("by " + Words.of(run().kind()));
    }

    /** From when it was accepted. */
    public Duration took() {
        return Duration.between(run().created(), report.look());
    }

    public long steps() {
        return run().steps().size() + report.stepsLeftOut();
    }

    /** Of those that are shown. */
    public long stepsEnded() {
        long open =
                run().steps().stream().filter(step -> step.outcome().isEmpty()).count();
        return run().outcome().isPresent() ? steps() : run().steps().size() - open;
    }

    public long mostRows() {
        return run().tables().stream()
                .mapToLong(line -> line.totals().rowsDeleted())
                .max()
                .orElse(0);
    }

    private Duration whole() {
        return report.times().stream().map(StateTime::time).reduce(Duration.ZERO, Duration::plus);
    }

    /** In percent. */
    public String share(Duration time) {
        return Show.share(time.toMillis(), whole().toMillis());
    }

    /** The time by state, side by side. */
    public List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        double whole = Math.max(1, whole().toMillis());
        double from = 0;
        for (StateTime time : report.times()) {
            double width = time.time().toMillis() / whole * 100;
            if (width >= NARROWEST) {
                pieces.add(new Piece(Words.tone(time.state()), place(from), place(width)));
            }
            from += width;
        }
        return pieces;
    }

    private static String place(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** What it has left and nobody has settled. */
    public Some<DebtView> debts() {
        List<DebtView> open =
                run().debts().stream().filter(debt -> debt.settled().isEmpty()).toList();
        return new Some<>(open, open.size());
    }

    /** An event in a sentence. */
    public static String sentence(RunEvent event) {
        return switch (event) {
            case RunEvent.Warning warning -> warning.message();
            case RunEvent.StateChanged changed ->
                Words.of(changed.to())
                        + (changed.reason().isEmpty()
                                ? changed.actor().map(RunFigures::by).orElse("")
                                : ": " + changed.reason());
            case RunEvent.StepStarted started -> "Step " + started.step().ordinal() + " went on where it had stopped.";
            case RunEvent.StepFinished finished ->
                "Step " + finished.step().ordinal() + ": " + finished.step().message();
            case RunEvent.Accepted ignored -> "The run was accepted.";
            case RunEvent.Finished ignored -> "The run ended.";
            case RunEvent.Progress progress -> "Step " + progress.step() + ": " + progress.phase();
            case RunEvent.Throttled throttled ->
                "It gave way to " + Words.signal(throttled.signal().name()) + ".";
        };
    }

    private static String by(Actor actor) {
        return ", asked for by " + actor.name();
    }
}
