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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A target in a line.
 *
 * @param verdict how it is, in words
 * @param tone of that
 * @param why the gravest reason, or why nothing is known; may be empty
 * @param moreReasons beside that
 * @param critical findings
 * @param warnings findings
 * @param size of the database; empty if it was never sampled
 * @param growth a day; empty without a trend
 * @param curve of the size
 * @param rowsDue rows that policies should have removed by the latest sample; empty if unknown
 * @param open runs that have not ended
 * @param debts what runs have left
 * @param taken when it was looked at; empty if it never was
 */
public record TargetLine(
        String name,
        String verdict,
        String tone,
        String why,
        int moreReasons,
        int critical,
        int warnings,
        String size,
        String growth,
        Optional<Curve> curve,
        String rowsDue,
        int open,
        int debts,
        Optional<Timestamp> taken) {

    /** @param look empty: it is looked at just now for the first time */
    static TargetLine of(String name, Optional<Look> look) {
        if (look.isEmpty()) {
            return empty(name, "Looking …", "quiet", "", Optional.empty());
        }
        Optional<Timestamp> taken = Optional.of(Moments.timestamp(look.get().taken()));
        return look.get()
                .health()
                .map(health -> of(name, health, look.get().growth(), taken))
                .orElseGet(
                        () -> empty(name, "Not known", "attention", look.get().problem(), taken));
    }

    /** @param known what was seen of them; of those that are not among it nothing is known yet */
    static List<TargetLine> of(List<String> names, Map<String, Look> known) {
        return names.stream()
                .map(name -> of(name, Optional.ofNullable(known.get(name))))
                .toList();
    }

    /** The same, the worst first. */
    static List<TargetLine> worstFirst(List<String> names, Map<String, Look> known) {
        return of(names, known).stream()
                .sorted(Comparator.comparingInt(TargetLine::rank).reversed().thenComparing(TargetLine::name))
                .toList();
    }

    private static TargetLine empty(String name, String verdict, String tone, String why, Optional<Timestamp> taken) {
        return new TargetLine(name, verdict, tone, why, 0, 0, 0, "", "", Optional.empty(), "", 0, 0, taken);
    }

    private static TargetLine of(String name, Health health, Growth growth, Optional<Timestamp> taken) {
        boolean sampled = growth.hasDatabase();
        long measured = health.getCheck().getDatabaseBytes();
        return new TargetLine(
                name,
                Words.of(health.getVerdict()),
                Words.tone(health.getVerdict()),
                health.getReasonsCount() == 0 ? "" : health.getReasons(0).getMessage(),
                Math.max(0, health.getReasonsCount() - 1),
                health.getCriticalFindings(),
                health.getWarningFindings(),
                measured > 0 ? Show.bytes(measured) : "",
                sampled ? Figures.bytesADay(growth.getDatabase().getSeries()) : "",
                sampled ? Curve.of(growth.getDatabase().getSeries()) : Optional.empty(),
                due(growth),
                health.getOpenRunsCount(),
                health.getDebtsCount(),
                taken);
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
            case "critical" -> 3;
            case "attention" -> 2;
            case "quiet" -> 1;
            default -> 0;
        };
    }
}
