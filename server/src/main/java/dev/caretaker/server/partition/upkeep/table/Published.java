package dev.caretaker.server.partition.upkeep.table;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A publication that a table is part of.
 *
 * @param viaRoot whether subscribers see changes of partitions under the name of the table that is published
 * @param everything whether it publishes all tables, or all of the table's schema: partitions are part of it by themselves, and
 *     those that are detached stay in it
 */
public record Published(String name, boolean viaRoot, boolean everything) {

    /** Their names, as in a sentence. */
    public static String names(List<Published> publications) {
        return publications.stream().map(Published::name).collect(Collectors.joining(", "));
    }
}
