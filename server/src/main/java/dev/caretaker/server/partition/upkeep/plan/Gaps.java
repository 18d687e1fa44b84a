package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What no range covers. */
final class Gaps {

    private Gaps() {}

    /** From below all keys to above all keys. */
    static List<KeyRange> between(Collection<KeyRange> ranges) {
        List<KeyRange> gaps = new ArrayList<>();
        KeyPoint end = KeyPoint.LOWEST;
        for (KeyRange range :
                ranges.stream().sorted(Comparator.comparing(KeyRange::from)).toList()) {
            if (end.compareTo(range.from()) < 0) {
                gaps.add(new KeyRange(end, range.from()));
            }
            end = end.compareTo(range.to()) < 0 ? range.to() : end;
        }
        if (end.compareTo(KeyPoint.HIGHEST) < 0) {
            gaps.add(new KeyRange(end, KeyPoint.HIGHEST));
        }
        return gaps;
    }
}
