package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.target.catalog.Publication;
import dev.caretaker.server.target.catalog.Relation;
import dev.caretaker.server.target.catalog.Trigger;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A relation with rows, as costs see it.
 *
 * @param heapBytes main fork
 * @param toastBytes values stored out of line, free space map and visibility map
 * @param tuples by statistics; negative if unknown
 * @param rowBytes sum of the columns' average widths; empty if never analyzed
 * @param timeCorrelation between the order of the time column and of the heap, -1 to 1; empty if never analyzed
 * @param deleteTriggers user triggers that fire on delete
 * @param publishesDeletes whether a publication sends deletes to subscribers
 */
public record Storage(
        long heapBytes,
        long toastBytes,
        long indexBytes,
        double tuples,
        OptionalLong rowBytes,
        OptionalDouble timeCorrelation,
        List<Trigger> deleteTriggers,
        boolean publishesDeletes) {

    static final long PAGE_BYTES = 8_192;

    static Storage of(Relation relation, String timeColumn) {
        return new Storage(
                relation.size().heap(),
                Math.max(0, relation.size().table() - relation.size().heap()),
                relation.size().indexes(),
                relation.statistics().rows(),
                relation.figures().rowBytes(),
                relation.figures().correlation(timeColumn),
                relation.triggers().stream().filter(Trigger::fires).toList(),
                relation.publications().stream().anyMatch(Publication::publishesDeletes));
    }

    /** How many of the triggers fire for every row, and not once a batch. */
    public int rowTriggers() {
        return (int) deleteTriggers.stream().filter(Trigger::eachRow).count();
    }

    /** Of the main fork. */
    public double heapPages() {
        return Math.ceil((double) heapBytes / PAGE_BYTES);
    }

    long totalBytes() {
        return heapBytes + toastBytes + indexBytes;
    }
}
