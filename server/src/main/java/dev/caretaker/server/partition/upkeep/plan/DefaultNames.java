package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.NameTemplate;

/** How a new default partition is called. */
final class DefaultNames {
    private static final String SUFFIX = "_default";

    private DefaultNames() {}

    /** The table's name, cut where it must be, and a suffix. */
    static String of(String table) {
        return NameTemplate.cut(table, NameTemplate.NAME_BYTES - SUFFIX.length()) + SUFFIX;
    }
}
