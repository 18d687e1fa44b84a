package dev.caretaker.server.backup;

import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Whether a disk has room for a scratch database. */
final class ScratchRoom {
    /** A restored database needs its rows, their indexes, and the log of loading them. */
    private static final int TIMES = 2;

    private ScratchRoom() {}

    private static long needed(BackupManifest manifest) {
        long raw = Stream.concat(
                        manifest.copied().files().stream(),
                        manifest.copied().tables().stream().flatMap(table -> table.parts().stream()))
                .mapToLong(part -> part.rawBytes())
                .sum();
        return TIMES * Math.max(raw, manifest.bytes());
    }

    /**
     * On this server's own disk.
     *
     * @throws CaretakerException DISK_SPACE_SHORT
     */
    static void require(BackupManifest manifest, SpoolFolder spool) throws IOException {
        long needed = needed(manifest);
        long free = free(spool.root());
        if (free < needed) {
            throw CaretakerException.of(
                    Reason.DISK_SPACE_SHORT,
                    "A scratch database needs about " + needed + " bytes; the folder " + spool.place() + " has " + free
                            + " free.");
        }
    }

    private static long free(Path folder) throws IOException {
        Path there = folder;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return Files.getFileStore(there).getUsableSpace();
    }

    /**
     * On that of a target, as far as somebody said how much it has.
     *
     * @throws CaretakerException DISK_SPACE_UNKNOWN, DISK_SPACE_SHORT
     */
    static void require(BackupManifest manifest, Target scratch) {
        long needed = needed(manifest);
        OptionalLong free = scratch.freeDiskBytes();
        if (free.isEmpty()) {
            throw CaretakerException.of(
                    Reason.DISK_SPACE_UNKNOWN,
                    "A scratch database on the server of the backup needs about " + needed
                            + " bytes of its disk, and nobody said how many are free (free-disk-space of target "
                            + scratch.name() + ").");
        }
        if (free.getAsLong() < needed) {
            throw CaretakerException.of(
                    Reason.DISK_SPACE_SHORT,
                    "A scratch database needs about " + needed + " bytes; target " + scratch.name() + " has "
                            + free.getAsLong() + " free.");
        }
    }
}
