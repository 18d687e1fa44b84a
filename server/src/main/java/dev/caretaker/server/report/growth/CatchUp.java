package dev.caretaker.server.report.growth;

import dev.caretaker.server.report.growth.GrowthStore.Removal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Whether a policy ever catches up. Rows that became eligible up to a sample are those that were eligible then, and those that
 * cleanups had removed by then: the trend of that sum is the inflow, whatever the hour at which cleanups run. The outflow is what
 * cleanups removed in the same time, a day. Rows that others delete, or that leave by cascades of other policies, make the inflow
 * look smaller than it is.
 *
 * @param verdict what follows
 * @param eligible rows that should be gone, by the latest sample; empty: unknown
 * @param exact whether these were counted
 * @param series the same over time
 * @param inflowPerDay rows that become eligible a day; empty: too few samples
 * @param outflowPerDay rows that cleanups removed a day; empty: too few samples
 * @param lastRun when the latest cleanup by it ended, or now if one is at work; empty: none in this time
 * @param done when nothing is left; CATCHES_UP only
 * @param reason one sentence
 */
public record CatchUp(
        Verdict verdict,
        OptionalLong eligible,
        boolean exact,
        Series series,
        OptionalDouble inflowPerDay,
        OptionalDouble outflowPerDay,
        Optional<Instant> lastRun,
        Optional<Forecast> done,
        String reason) {

    /** Whether it catches up. */
    public enum Verdict {
        /** Nothing is left behind. */
        KEEPS_UP,
        /** More goes than comes. */
        CATCHES_UP,
        /** More comes than goes, or nothing goes at all. */
        NEVER,
        /** The samples do not tell which is more. */
        UNCLEAR,
        /** Too few samples. */
        UNKNOWN
    }

    /** A policy whose cleanups are known by one run is late after so long, one that has run more often after three of its intervals. */
    private static final Duration USUAL = Duration.ofDays(7);

    private static final Duration LEAST = Duration.ofDays(2);
    private static final int INTERVALS = 3;

    /** A count of eligible rows. */
    record Count(Instant at, long rows, boolean exact) {}

    /**
     * The verdict on one policy.
     *
     * @param counts in the order of time, one a day
     * @param latest the latest of any kind
     * @param removals of the policy, in the order of time
     * @param known from when on all removals are known: earlier counts tell nothing of what became eligible
     */
    static CatchUp of(List<Count> counts, Optional<Count> latest, List<Removal> removals, Instant known) {
        Series series = Series.of(counts.stream()
                .map(count -> new Point(count.at(), count.rows()))
                .toList());
        if (latest.isEmpty()) {
            return new Judge(series, series, new Count(Instant.EPOCH, 0, false), removals, Optional.empty())
                    .unknown("How many rows should be gone is not known.", OptionalLong.empty());
        }
        List<Count> telling =
                counts.stream().filter(count -> !count.at().isBefore(known)).toList();
        Series told = Series.of(telling.stream()
                .map(count -> new Point(count.at(), count.rows()))
                .toList());
        Optional<Trend> inflow = Trend.of(telling.stream()
                .map(count -> new Point(count.at(), count.rows() + removed(removals, count.at())))
                .toList());
        return new Judge(series, told, latest.get(), removals, inflow).verdict();
    }

    /** Rows that were gone at a moment; a run that was at work then has done its part. */
    private static double removed(List<Removal> removals, Instant at) {
        double rows = 0;
        for (Removal removal : removals) {
            double took = Duration.between(removal.started(), removal.ended()).toMillis();
            double until = Duration.between(removal.started(), at).toMillis();
            double share = until <= 0 ? 0 : until >= took ? 1 : until / took;
            rows += share * removal.rows();
        }
        return rows;
    }

    /**
     * Weighs one against the other.
     *
     * @param told the part of the series from which all removals are known
     */
    private record Judge(Series series, Series told, Count now, List<Removal> removals, Optional<Trend> inflow) {

        CatchUp verdict() {
            if (now.rows() == 0) {
                return of(Verdict.KEEPS_UP, "No row is left that should be gone.");
            }
            Optional<Removal> last = removals.stream().max(Comparator.comparing(Removal::ended));
            if (last.isEmpty()) {
                return told.trend().isEmpty()
                        ? unknown(told.note(), OptionalLong.of(now.rows()))
                        : of(Verdict.NEVER, "No cleanup by it is known of this time.");
            }
            Duration ago = Duration.between(last.get().ended(), now.at());
            if (ago.compareTo(patience()) > 0) {
                return of(Verdict.NEVER, "The last cleanup by it ended " + ago.toDays() + " days before.");
            }
            if (last.get().complete()) {
                return of(Verdict.KEEPS_UP, "The last cleanup by it left nothing; what is there has come since.");
            }
            return inflow.isEmpty() ? unknown(told.note(), OptionalLong.of(now.rows())) : byRates();
        }

        private CatchUp byRates() {
            Trend comes = inflow.orElseThrow();
            double goes = outflow();
            double left = goes - comes.perDay();
            if (goes > comes.highPerDay()) {
                Forecast done = Forecast.in(
                        now.at(),
                        now.rows() / left,
                        OptionalDouble.of(now.rows() / (goes - Math.max(0, comes.lowPerDay()))),
                        OptionalDouble.of(now.rows() / (goes - comes.highPerDay())),
                        comes.span());
                return of(Verdict.CATCHES_UP, Optional.of(done), "More rows go than become eligible.");
            }
            return goes < comes.lowPerDay()
                    ? of(Verdict.NEVER, "More rows become eligible than cleanups remove.")
                    : of(Verdict.UNCLEAR, "About as many rows become eligible as cleanups remove.");
        }

        /** How long it may be that no cleanup ran. */
        private Duration patience() {
            List<Instant> ends = removals.stream().map(Removal::ended).sorted().toList();
            if (ends.size() < 2) {
                return USUAL;
            }
            List<Duration> gaps = new ArrayList<>();
            for (int i = 1; i < ends.size(); i++) {
                gaps.add(Duration.between(ends.get(i - 1), ends.get(i)));
            }
            gaps.sort(Comparator.naturalOrder());
            Duration wait = gaps.get(gaps.size() / 2).multipliedBy(INTERVALS);
            return wait.compareTo(LEAST) < 0 ? LEAST : wait;
        }

        private double outflow() {
            Trend comes = inflow.orElseThrow();
            double days = comes.span().toSeconds() / 86_400.0;
            return (removed(removals, comes.to()) - removed(removals, comes.from())) / days;
        }

        private CatchUp of(Verdict verdict, String reason) {
            return of(verdict, Optional.empty(), reason);
        }

        CatchUp unknown(String reason, OptionalLong eligible) {
            return new CatchUp(
                    Verdict.UNKNOWN,
                    eligible,
                    now.exact(),
                    series,
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    lastRun(),
                    Optional.empty(),
                    reason);
        }

        private CatchUp of(Verdict verdict, Optional<Forecast> done, String reason) {
            return new CatchUp(
                    verdict,
                    OptionalLong.of(now.rows()),
                    now.exact(),
                    series,
                    inflow.map(comes -> OptionalDouble.of(Math.max(0, comes.perDay())))
                            .orElse(OptionalDouble.empty()),
                    inflow.isPresent() ? OptionalDouble.of(outflow()) : OptionalDouble.empty(),
                    lastRun(),
                    done,
                    reason);
        }

        private Optional<Instant> lastRun() {
            return removals.stream().map(Removal::ended).max(Comparator.naturalOrder());
        }
    }
}
