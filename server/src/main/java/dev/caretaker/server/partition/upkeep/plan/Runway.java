package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import java.math.BigInteger;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** For how long from now on a table has partitions, without a gap. */
final class Runway {
    private static final Duration MOST = Duration.ofDays(36_500);

    private Runway() {}

    /** At most a hundred years; zero if none covers now; empty if the set does not fit its table, or keys are no times. */
    static Optional<Duration> of(SetFacts facts) {
        boolean known = facts.table().isPresent()
                && facts.position().isPresent()
                && facts.set().encoding().isPresent()
                && facts.set().key().isTime()
                && Fit.objection(facts.set(), facts.table().get()).isEmpty();
        return known
                ? Optional.of(from(
                        facts.position().get(),
                        FactsReader.ranges(facts.set(), facts.table().get()).toList()))
                : Optional.empty();
    }

    private static Duration from(BigInteger now, List<KeyRange> covered) {
        KeyPoint end = KeyPoint.at(now);
        for (KeyRange range :
                covered.stream().sorted(Comparator.comparing(KeyRange::from)).toList()) {
            if (range.from().isNotAfter(end) && end.isBefore(range.to())) {
                end = range.to();
            }
        }
        if (!end.isFinite()) {
            return MOST;
        }
        BigInteger micros = end.position().subtract(now);
        Duration most = MOST;
        return micros.bitLength() < Long.SIZE
                        && Duration.of(micros.longValueExact(), ChronoUnit.MICROS)
                                        .compareTo(most)
                                < 0
                ? Duration.of(micros.longValueExact(), ChronoUnit.MICROS)
                : most;
    }
}
