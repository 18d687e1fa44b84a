package dev.caretaker.cli.partitions;

import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionRange;
import java.util.List;

/** Bounds as people read them. */
public final class Bounds {
    private Bounds() {}

    /** {@code 2025-01-01 to 2025-02-01}, {@code in a, b}, {@code remainder 3 of 8}, {@code default}. */
    static String text(Partition partition) {
        return switch (partition.getBoundsCase()) {
            case RANGE -> range(from(partition), to(partition));
            case LIST -> "in " + String.join(", ", partition.getList().getValuesList());
            case HASH ->
                "remainder " + partition.getHash().getRemainder() + " of "
                        + partition.getHash().getModulus();
            case IS_DEFAULT -> "default";
            case BOUNDS_NOT_SET -> "";
        };
    }

    /** {@code 2025-01-01 to 2025-02-01}. */
    public static String text(PartitionRange range) {
        return range(brief(range.getFrom()), brief(range.getTo()));
    }

    /** Lower end of a range; of other bounds all of them. */
    static String from(Partition partition) {
        return partition.hasRange() ? end(partition.getRange().getFromList()) : text(partition);
    }

    /** Upper end of a range; of other bounds nothing. */
    static String to(Partition partition) {
        return partition.hasRange() ? end(partition.getRange().getToList()) : "";
    }

    private static String range(String from, String to) {
        return from + " to " + to;
    }

    private static String end(List<String> values) {
        List<String> brief = values.stream().map(Bounds::brief).toList();
        return brief.size() == 1 ? brief.get(0) : "(" + String.join(", ", brief) + ")";
    }

    /** Midnight is told by the date alone; bounds come in UTC. */
    static String brief(String value) {
        return value.replaceFirst("^(-?\\d{4,}-\\d\\d-\\d\\d) 00:00:00(\\+00)?( BC)?$", "$1$3");
    }
}
