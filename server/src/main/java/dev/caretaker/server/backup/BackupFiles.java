package dev.caretaker.server.backup;

import dev.caretaker.server.archive.StoredParts;
import dev.caretaker.server.archive.format.DamagedException;
import dev.caretaker.server.archive.format.Formats;
import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.archive.place.ObjectStore;
import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.BackupRow;
import dev.caretaker.server.store.Sha256;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folders of backups at their destinations, and their manifests. */
@Singleton
public final class BackupFiles {
    private static final Logger LOG = LoggerFactory.getLogger(BackupFiles.class);
    private static final int MOST_MANIFEST = 256 << 20;
    private static final int PAGE = 1_000;

    private final Destinations destinations;
    private final StoredParts parts;
    private final Formats formats;
    private final SpoolFolder spool;

    BackupFiles(Destinations destinations, StoredParts parts, Formats formats, SpoolFolder spool) {
        this.destinations = destinations;
        this.parts = parts;
        this.formats = formats;
        this.spool = spool;
    }

    /** The folder of a backup. */
    public BackupFolder folder(BackupRow backup) {
        return new BackupFolder(backup.destination(), backup.location(), parts, formats, spool);
    }

    /**
     * Writes the manifest, unless one is there: that of another attempt.
     *
     * @return its SHA-256
     * @throws CaretakerException OBJECT_EXISTS, DESTINATION_UNREACHABLE, SPOOL_FAILED
     */
    String seal(BackupRow backup, BackupManifest manifest) {
        byte[] text = manifest.text();
        Path file = spool.copy();
        try {
            Files.write(file, text);
            parts.put(
                    backup.destination(),
                    backup.location(),
                    BackupManifest.NAME,
                    file,
                    text.length,
                    0,
                    BigDecimal.ZERO);
            return Sha256.hex(Sha256.of(text), 32);
        } catch (IOException e) {
            throw spool.failed(e);
        } finally {
            spool.forgetCopy(file);
        }
    }

    /**
     * The manifest, which is the one that was written.
     *
     * @throws CaretakerException BACKUP_NOT_READY, BACKUP_DAMAGED, DESTINATION_NOT_FOUND, DESTINATION_UNREACHABLE
     */
    public BackupManifest manifest(BackupRow backup) {
        requireStored(backup);
        try (InputStream in = destinations.store(backup.destination()).get(backup.location() + BackupManifest.NAME)) {
            byte[] text = in.readNBytes(MOST_MANIFEST);
            if (!Sha256.hex(Sha256.of(text), 32).equals(backup.manifestSha256())) {
                throw damaged(backup, "the manifest is not the one that was written");
            }
            return BackupManifest.read(text);
        } catch (NoSuchFileException e) {
            throw damaged(backup, "the manifest is missing");
        } catch (DamagedException e) {
            throw damaged(backup, e.getMessage());
        } catch (IOException e) {
            throw StoredParts.unreachable(backup.destination(), e);
        }
    }

    private static CaretakerException damaged(BackupRow backup, String what) {
        return CaretakerException.of(Reason.BACKUP_DAMAGED, "Backup " + backup.id() + ": " + what + ".");
    }

    /** Fails with BACKUP_NOT_READY unless it is at its destination. */
    static void requireStored(BackupRow backup) {
        String why = switch (backup.state()) {
            case STORED -> "";
            case OPEN -> "it is being made";
            case FAILED -> "it was never completed" + (backup.problem().isEmpty() ? "" : " (" + backup.problem() + ")");
            case DELETED -> "it was deleted";
        };
        if (!why.isEmpty()) {
            throw CaretakerException.of(Reason.BACKUP_NOT_READY, "Backup " + backup.id() + ": " + why + ".");
        }
    }

    /** Removes what attempts that were cut short have put beside the parts of a stored backup. */
    void sweep(BackupRow backup, BackupManifest manifest) throws IOException {
        Set<String> named = new HashSet<>();
        named.add(BackupManifest.NAME);
        manifest.copied().tables().forEach(table -> table.parts().forEach(part -> named.add(part.object())));
        manifest.copied().files().forEach(part -> named.add(part.object()));
        remove(backup, named);
    }

    /**
     * Removes all of it, the manifest first, so that a half removed one is none.
     *
     * @throws CaretakerException DESTINATION_NOT_FOUND, DESTINATION_UNREACHABLE
     */
    void remove(BackupRow backup) {
        try {
            destinations.store(backup.destination()).delete(backup.location() + BackupManifest.NAME);
            remove(backup, Set.of());
        } catch (IOException e) {
            throw StoredParts.unreachable(backup.destination(), e);
        }
    }

    /**
     * What an attempt that was cut short has put half-way is no object, and takes room all the same. Who may put and delete
     * objects may not always list uploads: then the bucket's own rules have to end them.
     */
    private static void removeUnfinished(ObjectStore place, BackupRow backup) {
        try {
            place.sweepUnfinished(backup.location(), Instant.MAX);
        } catch (IOException e) {
            LOG.info("backup {}: what is half-way at its destination stays: {}", backup.id(), e.getMessage());
        }
    }

    private void remove(BackupRow backup, Set<String> kept) throws IOException {
        ObjectStore place = destinations.store(backup.destination());
        removeUnfinished(place, backup);
        String after = "";
        while (true) {
            List<ObjectStore.Found> page = place.list(backup.location(), after, PAGE);
            for (ObjectStore.Found found : page) {
                after = found.key();
                if (!kept.contains(found.key().substring(backup.location().length()))) {
                    place.delete(found.key());
                }
            }
            if (page.size() < PAGE) {
                return;
            }
        }
    }
}
