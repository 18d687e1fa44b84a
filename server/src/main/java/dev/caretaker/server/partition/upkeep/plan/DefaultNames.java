package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.NameTemplate;

/** How a new default partition is called. */
final class DefaultNames {
    private static final String SUFFIX = "_default";

    private DefaultNames() {}

    /** The table's name, cut where it must be, and a suffix. */
    static String of(String table) {
        String name = table;
        while (NameTemplate.bytes(name) + SUFFIX.length() > NameTemplate.NAME_BYTES) {
            name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
        }
        return name + SUFFIX;
    }
}
