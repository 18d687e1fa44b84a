package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.grid.PartitionGrid;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which ranges lack a partition: that of now, those ahead of it, and those between the last partition and now, nearest first. A
 * range begins where the partition before it ends, whatever that one follows, and ends at the next line of the grid or where the
 * next partition begins: neither holes nor overlaps can arise.
 */
final class Wanted {
    /** Most partitions that one plan makes for a set: the next one goes on. */
    static final int MOST = 1_000;

    private final PartitionSet set;
    private final PartitionGrid lines;
    private final List<KeyRange> covered;

    /** @param covered ranges of partitions, those that are being detached among them */
    Wanted(PartitionSet set, Collection<KeyRange> covered) {
        this.set = set;
        this.lines = set.lines();
        this.covered =
                covered.stream().sorted(Comparator.comparing(KeyRange::from)).toList();
    }

    /**
     * In the order in which they are to be made.
     *
     * @param position of now, or the highest key in use; empty if no key is in use
     * @param oldest what ends at or before it is not made, because it would be retired at once
     */
    List<KeyRange> ranges(Optional<BigInteger> position, Optional<BigInteger> oldest, Instant now) {
        BigInteger at = position.orElseGet(this::beginning);
        List<KeyRange> wanted = new ArrayList<>();
        Optional<KeyRange> current = covering(at);
        if (current.isEmpty()) {
            current = Optional.of(around(at));
            wanted.add(current.get());
        }
        wanted.addAll(ahead(current.get(), at, now));
        wanted.addAll(behind(current.get(), at, oldest));
        return wanted.stream().limit(MOST).toList();
    }

    /** The range that a partition for that position would have; empty if one covers it. */
    Optional<KeyRange> holding(BigInteger at) {
        return covering(at).isPresent() ? Optional.empty() : Optional.of(around(at));
    }

    private BigInteger beginning() {
        return covered.stream()
                .map(KeyRange::from)
                .filter(KeyPoint::isFinite)
                .map(KeyPoint::position)
                .findFirst()
                .orElseGet(() -> lines.floor(BigInteger.ZERO));
    }

    private Optional<KeyRange> covering(BigInteger at) {
        return covered.stream().filter(range -> range.contains(at)).findFirst();
    }

    /** The cell that holds a position, cut off where partitions lie. */
    private KeyRange around(BigInteger at) {
        KeyRange gap = gap(KeyPoint.at(at));
        KeyPoint line = KeyPoint.at(lines.floor(at));
        KeyPoint from = gap.from().compareTo(line) > 0 ? gap.from() : line;
        return new KeyRange(from, earlier(KeyPoint.at(lines.next(at)), gap.to()));
    }

    private KeyRange gap(KeyPoint at) {
        return Gaps.between(covered).stream()
                .filter(gap -> gap.from().compareTo(at) <= 0 && at.compareTo(gap.to()) < 0)
                .findFirst()
                .orElseThrow();
    }

    private List<KeyRange> ahead(KeyRange current, BigInteger at, Instant now) {
        Optional<BigInteger> until = set.key().isTime()
                ? Optional.of(set.position(now.plus(set.ahead().duration())))
                : Optional.empty();
        List<KeyRange> wanted = new ArrayList<>();
        KeyPoint end = current.to();
        for (int count = 0; end.isFinite() && wanted.size() < MOST; count++) {
            boolean far = until.map(KeyPoint::at).filter(end::isBefore).isEmpty();
            if (count >= set.ahead().partitions() && far) {
                break;
            }
            BigInteger from = end.position();
            Optional<KeyRange> next = covering(from);
            if (next.isEmpty()) {
                KeyPoint to = earlier(KeyPoint.at(lines.next(from)), gap(end).to());
                next = Optional.of(new KeyRange(end, to));
                wanted.add(next.get());
            }
            end = next.get().to();
        }
        return wanted;
    }

    /** From the last partition before now, or as many as are to be made behind when there is none at all. */
    private List<KeyRange> behind(KeyRange current, BigInteger at, Optional<BigInteger> oldest) {
        if (!current.from().isFinite() || covering(at).isPresent()) {
            return List.of();
        }
        if (covered.isEmpty()) {
            return lookback(current);
        }
        KeyRange gap = gap(current.from());
        if (!gap.from().isFinite()) {
            return List.of();
        }
        List<KeyRange> wanted = new ArrayList<>();
        KeyPoint to = current.from();
        while (gap.from().isBefore(to) && wanted.size() < MOST) {
            KeyPoint line = KeyPoint.at(lines.floor(to.position().subtract(BigInteger.ONE)));
            KeyPoint from = line.isBefore(gap.from()) ? gap.from() : line;
            if (oldest.map(KeyPoint::at).filter(to::isNotAfter).isPresent()) {
                break;
            }
            wanted.add(new KeyRange(from, to));
            to = from;
        }
        return wanted;
    }

    private List<KeyRange> lookback(KeyRange current) {
        List<KeyRange> wanted = new ArrayList<>();
        KeyPoint to = current.from();
        for (int i = 0; i < set.lookback(); i++) {
            KeyPoint from = KeyPoint.at(lines.floor(to.position().subtract(BigInteger.ONE)));
            wanted.add(new KeyRange(from, to));
            to = from;
        }
        return wanted;
    }

    private static KeyPoint earlier(KeyPoint one, KeyPoint other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
