package dev.caretaker.server.cleanup.table;

import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a relation with rows is made of, and what the server's statistics know of it.
 *
 * @param heapBytes main fork
 * @param toastBytes values stored out of line, free space map and visibility map
 * @param tuples pg_class.reltuples; negative if unknown
 * @param identified whether it has the replica identity that it is set to, so that deletes can be published
 * @param identityFull whether the whole old row is logged for publications
 * @param statisticsRowBytes sum of the columns' average widths; empty if never analyzed
 * @param timeNullFraction share of NULLs in the time column; empty if never analyzed
 * @param timeCorrelation between the order of the time column and of the heap, -1 to 1; empty if never analyzed
 * @param modifiedSinceAnalyze rows
 * @param deleteTriggers user triggers that fire on delete
 * @param publications that publish its deletes
 * @param references tables it references by foreign keys
 */
public record Storage(
        long heapBytes,
        long toastBytes,
        long indexBytes,
        double tuples,
        boolean identified,
        boolean identityFull,
        OptionalLong statisticsRowBytes,
        OptionalDouble timeNullFraction,
        OptionalDouble timeCorrelation,
        Optional<Instant> analyzed,
        long modifiedSinceAnalyze,
        List<Index> indexes,
        List<String> deleteTriggers,
        List<String> publications,
        List<TableName> references) {

    public long totalBytes() {
        return heapBytes + toastBytes + indexBytes;
    }
}
