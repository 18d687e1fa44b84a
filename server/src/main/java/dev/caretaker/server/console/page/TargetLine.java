package dev.caretaker.server.console.page;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.console.page.Looks.Look;
import dev.caretaker.server.console.show.Curve;
import dev.caretaker.server.console.show.Figures;
import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.show.Words;
import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.Growth;
import dev.caretaker.v1.Health;
import dev.caretaker.v1.PolicyGrowth;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A target in a line.
 *
 * @param verdict how it is, in words
 * @param tone of that
 * @param why the gravest reason; may be empty
 * @param moreReasons beside that
 * @param numbers what was counted and measured when it was seen
 * @param problem why it could not be looked at when that was tried last, a sentence; empty if it could
 * @param taken when it was seen so; empty if it never was
 * @param age how long that was ago
 */
public record TargetLine(
        String name,
        String verdict,
        String tone,
        String why,
        int moreReasons,
        Numbers numbers,
        String problem,
        Optional<Timestamp> taken,
        Duration age) {
    private static final String CRITICAL = "critical";
    private static final String ATTENTION = "attention";
    private static final Duration JUST_NOW = Duration.ofSeconds(10);
    /** While somebody watches, what is seen is younger. */
    private static final Duration OLD = Duration.ofMinutes(5);

    /**
     * What was counted and measured of it.
     *
     * @param critical findings
     * @param warnings findings
     * @param size of the database; empty if it was never sampled
     * @param growth a day; empty without a trend
     * @param curve of the size
     * @param rowsDue rows that policies should have removed by the latest sample; empty if unknown
     * @param open runs that have not ended
     * @param debts what runs have left
     */
    public record Numbers(
            int critical,
            int warnings,
            String size,
            String growth,
            Optional<Curve> curve,
            String rowsDue,
            int open,
            int debts) {
        static final Numbers NONE = new Numbers(0, 0, "", "", Optional.empty(), "", 0, 0);

        static Numbers of(Health health, Growth growth) {
            boolean sampled = growth.hasDatabase();
            long measured = health.getCheck().getDatabaseBytes();
            return new Numbers(
                    health.getCriticalFindings(),
                    health.getWarningFindings(),
                    measured > 0 ? Show.bytes(measured) : "",
                    sampled ? Figures.bytesADay(growth.getDatabase().getSeries()) : "",
                    sampled ? Curve.of(growth.getDatabase().getSeries()) : Optional.empty(),
                    due(growth),
                    health.getOpenRunsCount(),
                    health.getDebtsCount());
        }
    }

    /** @param look empty: it is looked at just now for the first time */
    static TargetLine of(String name, Optional<Look> look, Instant now) {
        if (look.isEmpty()) {
            return empty(name, "Looking …", "quiet", "");
        }
        Look seen = look.get();
        Duration age = Duration.between(seen.taken(), now);
        Optional<Timestamp> taken = Optional.of(Moments.timestamp(seen.taken()));
        return seen.health()
                .map(health -> of(name, health, seen, taken, age))
                .orElseGet(() -> empty(name, "Not known", ATTENTION, seen.problem()));
    }

    /** @param known what was seen of them; of those that are not among it nothing is known yet */
    static List<TargetLine> of(List<String> names, Map<String, Look> known, Instant now) {
        return names.stream()
                .map(name -> of(name, Optional.ofNullable(known.get(name)), now))
                .toList();
    }

    /** The same, the worst first. */
    static List<TargetLine> worstFirst(List<String> names, Map<String, Look> known, Instant now) {
        return of(names, known, now).stream()
                .sorted(Comparator.comparingInt(TargetLine::rank).reversed().thenComparing(TargetLine::name))
                .toList();
    }

    private static TargetLine empty(String name, String verdict, String tone, String problem) {
        return new TargetLine(name, verdict, tone, "", 0, Numbers.NONE, problem, Optional.empty(), Duration.ZERO);
    }

    /** How long ago it was seen so, in words. */
    public String seen() {
        return age.compareTo(JUST_NOW) < 0
                ? "seen just now"
                : "seen " + Show.span(Duration.ofSeconds(age.toSeconds())) + " ago";
    }

    /** Whether what is told of it may have changed since. */
    public boolean isOld() {
        return age.compareTo(OLD) > 0;
    }

    /** What was well when it was seen last need not be now. */
    private static String tone(Health health, Look seen) {
        String tone = Words.tone(health.getVerdict());
        return seen.problem().isEmpty() || tone.equals(CRITICAL) ? tone : ATTENTION;
    }

    private static TargetLine of(String name, Health health, Look seen, Optional<Timestamp> taken, Duration age) {
        return new TargetLine(
                name,
                Words.of(health.getVerdict()) + (seen.problem().isEmpty() ? "" : ", when last seen"),
                tone(health, seen),
                health.getReasonsCount() == 0 ? "" : health.getReasons(0).getMessage(),
                Math.max(0, health.getReasonsCount() - 1),
                Numbers.of(health, seen.growth()),
                seen.problem(),
                taken,
                age);
    }

    private static String due(Growth growth) {
        if (growth.getPoliciesList().stream().noneMatch(PolicyGrowth::hasEligibleRows)) {
            return "";
        }
        long rows = growth.getPoliciesList().stream()
                .mapToLong(PolicyGrowth::getEligibleRows)
                .sum();
        boolean exact = growth.getPoliciesList().stream()
                .filter(PolicyGrowth::hasEligibleRows)
                .allMatch(PolicyGrowth::getEligibleExact);
        return (exact ? "" : "~") + Show.count(rows);
    }

    /** The worst is the highest. */
    private int rank() {
        return switch (tone) {
            case CRITICAL -> 3;
            case ATTENTION -> 2;
            case "quiet" -> 1;
            default -> 0;
        };
    }
}
