package dev.caretaker.server.backup;

import dev.caretaker.server.archive.Manifest;
import dev.caretaker.server.archive.RowHash;
import dev.caretaker.server.archive.TextSettings;
import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.store.Json;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The proof of what a backup holds. Written last, as {@value #NAME} beside the parts, and never again: a folder without one is no
 * backup.
 *
 * @param manifest always {@value #KIND}
 * @param version of this form; a reader refuses a newer one
 * @param settings under which values have the texts that were hashed
 */
public record BackupManifest(
        String manifest,
        int version,
        BackupOrder order,
        Copied copied,
        String format,
        Map<String, String> settings,
        String hashOf,
        Instant created) {

    /** Name of its object, below the backup's location. */
    public static final String NAME = "manifest.json";

    static final String KIND = "caretaker-backup";
    static final int VERSION = 1;

    static BackupManifest of(BackupOrder order, Copied copied, Instant now) {
        return new BackupManifest(
                KIND,
                VERSION,
                order,
                copied.with(CaretakerVersion.MADE, CaretakerVersion.TEXT),
                "csv",
                new TreeMap<>(TextSettings.ALL),
                RowHash.RULE,
                now);
    }

    /**
     * Whether it is of a version that did not name itself yet, nor knew all the kinds of objects that are known now: of those it has no
     * word, whether they were there or not.
     */
    boolean isOfFewerKinds() {
        return !copied.tools().containsKey(CaretakerVersion.MADE);
    }

    /** Tables whose rows it holds. */
    public int tablesWithRows() {
        return (int) copied.tables().stream()
                .filter(table -> table.stored() && table.hasRows())
                .count();
    }

    public long rows() {
        return copied.tables().stream().mapToLong(CopiedTable::rows).sum();
    }

    /** Of all objects in the folder. */
    public long bytes() {
        return copied.tables().stream().mapToLong(CopiedTable::bytes).sum()
                + copied.files().stream().mapToLong(part -> part.bytes()).sum();
    }

    /** Objects that a restore needs beside those of its tables. */
    public List<Manifest.Part> filesFor(RestorePart part) {
        boolean contentsAlone = !part.isWhole()
                && copied.dump()
                        .filter(dump -> dump.format() == DumpFormat.DIRECTORY)
                        .isPresent();
        return copied.files().stream()
                .filter(file -> !contentsAlone || BackupFolder.nameOf(file).equals("toc.dat"))
                .toList();
    }

    byte[] text() {
        return Json.write(this).getBytes(StandardCharsets.UTF_8);
    }

    static BackupManifest read(byte[] bytes) throws DamagedException {
        BackupManifest read;
        try {
            read = Json.read(new String(bytes, StandardCharsets.UTF_8), BackupManifest.class);
        } catch (UncheckedIOException e) {
            throw new DamagedException("the manifest cannot be read", e);
        }
        if (!KIND.equals(read.manifest()) || read.copied() == null || read.order() == null) {
            throw new DamagedException("the manifest is none of a backup");
        }
        if (read.version() > VERSION) {
            throw new DamagedException(
                    "the manifest is of version " + read.version() + ", which is newer than this server");
        }
        return read;
    }
}
