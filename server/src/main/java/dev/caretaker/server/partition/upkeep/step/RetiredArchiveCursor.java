package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.archive.PartMark;
import java.util.UUID;

/**
 * How far a partition is copied.
 *
 * @param archive the archive it is copied into
 * @param block heap block from which to go on
 * @param mark how far the archive reaches
 * @param over whether nothing is to be copied: an earlier run has, or there is no such held partition any more
 */
public record RetiredArchiveCursor(UUID archive, long block, PartMark mark, boolean over) {

    static RetiredArchiveCursor begin(UUID archive) {
        return new RetiredArchiveCursor(archive, 0, PartMark.start(archive), false);
    }

    static RetiredArchiveCursor nothingToCopy(UUID archive) {
        return new RetiredArchiveCursor(archive, 0, PartMark.start(archive), true);
    }

    RetiredArchiveCursor at(long next, PartMark reached) {
        return new RetiredArchiveCursor(archive, next, reached, over);
    }
}
