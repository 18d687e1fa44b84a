package dev.caretaker.server.report.gather;

import dev.caretaker.server.config.RetentionConfig;
import dev.caretaker.server.config.RetentionConfig.Kept;
import dev.caretaker.server.report.Period;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a period can no longer tell, since the control store keeps it for a shorter time than the period goes back. */
record Forgotten(Period period, Instant look, RetentionConfig retention) {

    /** A sentence for each kind of which something may be missing. */
    List<String> sentences() {
        return Stream.of(
                        missing(Kept.RUNS, "Runs that ended", ": what they did is missing here, also in sums"),
                        missing(Kept.FIRES, "Times at which schedules were due", ""),
                        missing(Kept.FINDINGS, "Findings that went", ""),
                        missing(Kept.HOLDS, "Holds that ended", ""))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<String> missing(Kept kept, String what, String so) {
        Instant from = look.minus(retention.span(kept)).truncatedTo(ChronoUnit.MINUTES);
        return period.since().isBefore(from)
                ? Optional.of(
                        what + " before " + from + " are no longer kept (retention." + kept.text() + ")" + so + ".")
                : Optional.empty();
    }
}
