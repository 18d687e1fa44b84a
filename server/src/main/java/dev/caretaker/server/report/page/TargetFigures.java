package dev.caretaker.server.report.page;

import dev.caretaker.server.report.TargetReport;
import dev.caretaker.server.report.TargetReport.PolicyLine;
import dev.caretaker.server.report.TargetReport.SpanLine;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.ReportRows.RunCount;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Sums and extremes of a report of a target, as its pages show them. */
public record TargetFigures(TargetReport report) {
    /** More lines than that are no help in a picture. */
    private static final int MOST_MIDNIGHTS = 40;

    public long runs() {
        return report.runs().number();
    }

    public long complete() {
        return runs(count -> count.outcome().equals(Optional.of(Outcome.COMPLETE)));
    }

    public long failed() {
        return runs(count -> count.outcome().equals(Optional.of(Outcome.FAILED)));
    }

    /** Done in part, out of time, or cancelled. */
    public long partly() {
        return runs(count -> count.outcome()
                .filter(outcome -> outcome != Outcome.COMPLETE && outcome != Outcome.FAILED)
                .isPresent());
    }

    public long open() {
        return runs(count -> count.outcome().isEmpty());
    }

    private long runs(Predicate<RunCount> wanted) {
        return report.counts().stream().filter(wanted).mapToLong(RunCount::runs).sum();
    }

    /** Times at which a run was started. */
    public long started() {
        return report.fires().started();
    }

    /** Times at which none was, and nothing was decided to be so by a person or a rule. */
    public long lost() {
        return report.fires().missed() + report.fires().refused();
    }

    public long skipped() {
        return report.fires().skipped();
    }

    public long due() {
        return started() + lost() + skipped() + report.fires().waiting();
    }

    /** Of one policy. */
    public long mostRows() {
        return report.policies().first().stream()
                .mapToLong(line -> line.totals().rowsDeleted())
                .max()
                .orElse(0);
    }

    /** Policies whose rows are due and are not gone, the worst first. */
    public List<PolicyLine> overdue() {
        return report.policies().first().stream()
                .filter(line -> line.overdue()
                        .filter(overdue -> !overdue.span().isZero())
                        .isPresent())
                .sorted(Comparator.comparing((PolicyLine line) ->
                                line.overdue().orElseThrow().span())
                        .reversed()
                        .thenComparing(PolicyLine::policy))
                .toList();
    }

    /** The span in which most rows went; empty if none did. */
    public Optional<SpanLine> peak() {
        return report.spans().stream()
                .filter(span -> span.rowsDeleted() > 0)
                .max(Comparator.comparingLong(SpanLine::rowsDeleted));
    }

    /** "hour", "day" or "week". */
    public String spanWord() {
        return switch ((int) report.span().toHours()) {
            case 1 -> "hour";
            case 24 -> "day";
            default -> "week";
        };
    }

    /** Midnights within the period as places from 0 to {@link TargetReport#SLOTS}; none if there are too many of them. */
    public List<String> midnights() {
        List<String> places = new ArrayList<>();
        Instant since = report.period().since();
        Instant midnight = since.atZone(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.DAYS)
                .plusDays(1)
                .toInstant();
        double whole = report.period().length().toMillis();
        while (midnight.isBefore(report.period().until()) && places.size() <= MOST_MIDNIGHTS) {
            double place = Duration.between(since, midnight).toMillis() / whole * TargetReport.SLOTS;
            places.add(String.format(Locale.ROOT, "%.1f", place));
            midnight = midnight.plus(1, ChronoUnit.DAYS);
        }
        return places.size() > MOST_MIDNIGHTS ? List.of() : places;
    }

    /** Beginning, middle and end of the period. */
    public List<Instant> ticks() {
        Instant since = report.period().since();
        return List.of(
                since,
                since.plus(report.period().length().dividedBy(2)),
                report.period().until());
    }

    /** Whether anything was done about a set, or one is there. */
    public boolean hasSets() {
        return !report.sets().first().isEmpty();
    }
}
