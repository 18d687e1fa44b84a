package dev.caretaker.server.archive;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A place in an archive: what comes before it stays as it is, and is on disk before the mark is journalled with the rows that left,
 * in the cursor of their step.
 *
 * @param archive id of the archive
 * @param part number of the part, from 1; 0 before the first
 * @param file name of the part's file in its spool
 * @param bytes of the part, compressed, up to here
 * @param rawBytes the same before compression
 * @param rows of the part up to here
 * @param hash sum of the hashes of these rows
 * @param first oldest value of the time column among them
 * @param last newest value of the time column among them
 */
public record PartMark(
        UUID archive,
        int part,
        String file,
        long bytes,
        long rawBytes,
        long rows,
        BigDecimal hash,
        Optional<Instant> first,
        Optional<Instant> last) {

    /** Before the first row. */
    public static PartMark start(UUID archive) {
        return begin(archive, 0, "");
    }

    /** At the begin of a part. */
    public static PartMark begin(UUID archive, int part, String file) {
        return new PartMark(archive, part, file, 0, 0, 0, BigDecimal.ZERO, Optional.empty(), Optional.empty());
    }

    /** With what came since, and how far its part reaches now. */
    public PartMark plus(Piece piece, long bytesNow, long rawBytesNow) {
        return new PartMark(
                archive,
                part,
                file,
                bytesNow,
                rawBytesNow,
                rows + piece.rows(),
                hash.add(piece.hash()),
                earlier(first, piece.first()),
                later(last, piece.last()));
    }

    static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
        return one.isPresent() && other.isPresent()
                ? Optional.of(one.get().isBefore(other.get()) ? one.get() : other.get())
                : one.or(() -> other);
    }

    static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
        return one.isPresent() && other.isPresent()
                ? Optional.of(one.get().isAfter(other.get()) ? one.get() : other.get())
                : one.or(() -> other);
    }
}
