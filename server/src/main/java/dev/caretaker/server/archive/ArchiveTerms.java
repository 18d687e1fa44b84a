package dev.caretaker.server.archive;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Where an archive goes, and how: what a policy says of it.
 *
 * @param destination name in the configuration
 * @param format name of a {@link dev.caretaker.server.archive.format.Format}, such as csv
 * @param compression name of a {@link dev.caretaker.server.archive.format.Compression}, such as zstd
 * @param partBytes a part that has reached that size, compressed, is followed by another one
 * @param verify how far each part is verified before its local copy goes
 * @param awaited whether each batch waits until its rows are at the destination: each is a part of its own then
 */
public record ArchiveTerms(
        String destination,
        String format,
        String compression,
        long partBytes,
        VerifyLevel verify,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean awaited) {
    /** Large enough that a terabyte makes some thousand parts, small enough that one is carried again soon. */
    public static final long USUAL_PART_BYTES = 256L << 20;

    /** Of rows that lie in the spool first. */
    public ArchiveTerms(String destination, String format, String compression, long partBytes, VerifyLevel verify) {
        this(destination, format, compression, partBytes, verify, false);
    }
}
