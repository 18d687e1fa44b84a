package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.table.Member;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.target.catalog.PartitionBound.Limit;
import dev.caretaker.server.target.catalog.PartitionBound.Range;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Texts of bounds. Where a partition lies beside it is its very text, so that nothing between the two is lost to rounding; new
 * ones are written like those that exist.
 */
final class Bounds {
    private static final List<String> MIDNIGHTS = List.of(" 00:00:00+00", " 00:00:00");

    private final PartitionSet set;
    private final boolean leastV7;
    private final Map<KeyPoint, String> texts = new HashMap<>();

    Bounds(PartitionSet set, TableState table) {
        this.set = set;
        boolean least = false;
        for (Member member : table.members()) {
            if (member.bound() instanceof Range range && range.from().size() == 1) {
                remember(range.from().getFirst());
                remember(range.to().getFirst());
                least |= set.key().isLeastV7(range.to().getFirst().text());
            }
        }
        this.leastV7 = least;
    }

    private void remember(Limit limit) {
        set.key().read(limit.text()).filter(KeyPoint::isFinite).ifPresent(point -> texts.put(point, limit.text()));
    }

    String text(KeyPoint point) {
        return texts.computeIfAbsent(point, at -> set.key().write(at.position(), leastV7));
    }

    /** A range as people read it: midnights are told by their dates alone. */
    String show(KeyRange range) {
        String from = text(range.from());
        String to = text(range.to());
        return MIDNIGHTS.stream()
                .filter(midnight -> from.endsWith(midnight) && to.endsWith(midnight))
                .findFirst()
                .map(midnight -> cut(from, midnight) + " to " + cut(to, midnight))
                .orElse(from + " to " + to);
    }

    private static String cut(String text, String end) {
        return text.substring(0, text.length() - end.length());
    }
}
