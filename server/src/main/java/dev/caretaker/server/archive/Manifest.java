package dev.caretaker.server.archive;

import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ArchivePartRow;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.server.store.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The proof of what an archive holds. Written last, as {@value #NAME} beside the parts, and never again: a folder without one is no
 * archive. The same archive always gives the same text.
 *
 * @param manifest always {@value #KIND}
 * @param version of this form; a reader refuses a newer one
 * @param nulls how NULL and the empty text are told apart
 * @param settings under which values have the texts that were hashed
 * @param hashOf what the hashes are
 * @param rows in all parts
 * @param bytes of all parts, as they are stored
 * @param rawBytes the same before compression, as text: of text more is never read
 * @param rowsInDoubt rows, the last that came, of which nobody knows whether they left their table: they may be in both
 * @param created when it was opened
 * @param sealed when the last row had come
 */
public record Manifest(
        String manifest,
        int version,
        UUID archive,
        String target,
        ArchiveSource source,
        String policy,
        Optional<UUID> plan,
        UUID run,
        Actor actor,
        Optional<Instant> cutoff,
        String predicate,
        Optional<String> timeColumn,
        String format,
        String compression,
        String nulls,
        Map<String, String> settings,
        String hashOf,
        List<Part> parts,
        long rows,
        long bytes,
        long rawBytes,
        BigDecimal hash,
        Optional<Instant> first,
        Optional<Instant> last,
        long rowsInDoubt,
        Instant created,
        Instant sealed) {

    /** Name of its object, below the archive's location. */
    public static final String NAME = "manifest.json";

    static final String KIND = "caretaker-archive";
    static final int VERSION = 1;
    /** That of a table with 1,600 columns is below a megabyte, that of 10,000 parts below four. */
    private static final int MOST_BYTES = 64 << 20;

    /**
     * One object.
     *
     * @param object its name, below the archive's location
     * @param bytes as it is stored
     * @param rawBytes before compression
     * @param hash sum of the hashes of its rows
     * @param first oldest value of the time column in it
     * @param sha256 of its bytes, hexadecimal
     */
    public record Part(
            String object,
            long bytes,
            long rawBytes,
            long rows,
            BigDecimal hash,
            Optional<Instant> first,
            Optional<Instant> last,
            String sha256) {

        static Part of(ArchivePartRow row) {
            return of(row, row.storedBytes(), row.sha256());
        }

        static Part of(ArchivePartRow row, long bytes, String sha256) {
            return new Part(
                    row.object(), bytes, row.rawBytes(), row.rows(), row.hash(), row.first(), row.last(), sha256);
        }
    }

    /** Of a sealed archive whose parts are all stored. */
    static Manifest of(ArchiveRow row, List<ArchivePartRow> parts) {
        ArchiveRequest request = Json.read(row.request(), ArchiveRequest.class);
        return new Manifest(
                KIND,
                VERSION,
                row.id(),
                request.target(),
                request.source(),
                request.policy(),
                request.plan(),
                request.run(),
                request.actor(),
                request.cutoff(),
                request.predicate(),
                request.timeColumn(),
                request.terms().format(),
                request.terms().compression(),
                "csv: NULL is nothing, the empty text is \"\"; ndjson: null; parquet: NULL",
                new TreeMap<>(TextSettings.ALL),
                RowHash.RULE,
                parts.stream().map(Part::of).toList(),
                row.rows(),
                parts.stream().mapToLong(ArchivePartRow::storedBytes).sum(),
                row.rawBytes(),
                row.hash(),
                row.first(),
                row.last(),
                row.rowsInDoubt(),
                row.created(),
                row.sealed().orElseThrow());
    }

    byte[] text() {
        return Json.write(this).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads one.
     *
     * @throws DamagedException if it is none, of a newer version, or contradicts itself
     */
    static Manifest read(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new DamagedException("the manifest is larger than any");
        }
        return read(bytes);
    }

    static Manifest read(byte[] bytes) throws DamagedException {
        Manifest manifest;
        try {
            manifest = Json.read(new String(bytes, StandardCharsets.UTF_8), Manifest.class);
        } catch (UncheckedIOException e) {
            throw new DamagedException("the manifest cannot be read", e);
        }
        if (!KIND.equals(manifest.manifest()) || manifest.parts() == null || manifest.source() == null) {
            throw new DamagedException("the manifest is none of an archive");
        }
        if (manifest.version() > VERSION) {
            throw new DamagedException(
                    "the manifest is of version " + manifest.version() + ", which is newer than this server");
        }
        manifest.requireConsistent();
        return manifest;
    }

    private void requireConsistent() throws DamagedException {
        long sumRows = 0;
        long sumBytes = 0;
        long sumRaw = 0;
        BigDecimal sumHash = BigDecimal.ZERO;
        for (Part part : parts) {
            sumRows += part.rows();
            sumBytes += part.bytes();
            sumRaw += part.rawBytes();
            sumHash = sumHash.add(part.hash());
        }
        if (sumRows != rows || sumBytes != bytes || sumRaw != rawBytes || sumHash.compareTo(hash) != 0) {
            throw new DamagedException("the parts in the manifest do not add up to its totals");
        }
    }
}
