package dev.caretaker.server.backup.dump;

import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.backup.tool.Owner;
import dev.caretaker.server.store.Json;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders in the spool for what pg_dump writes and pg_restore reads: rows of a database, so nobody else may look into them. Those of
 * a server that died are removed by the next on the same machine and spool.
 */
@Singleton
class WorkFolders {
    private static final Logger LOG = LoggerFactory.getLogger(WorkFolders.class);
    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");
    private static final String OWNER = "owner.json";
    /** In that time a folder is made and its owner noted. */
    private static final Duration MAKING = Duration.ofMinutes(5);

    private final SpoolFolder spool;

    WorkFolders(SpoolFolder spool) {
        this.spool = spool;
    }

    private Path root() {
        return spool.root().resolve("dumps");
    }

    /** @throws dev.caretaker.server.error.CaretakerException SPOOL_FAILED */
    WorkFolder make() {
        spool.id(); // marks the folder as a spool
        try {
            Files.createDirectories(root(), PosixFilePermissions.asFileAttribute(OWN));
            Path path = Files.createDirectory(
                    root().resolve(UUID.randomUUID().toString()), PosixFilePermissions.asFileAttribute(OWN));
            Files.writeString(path.resolve(OWNER), Json.write(Owner.self()));
            return new WorkFolder(path, spool);
        } catch (IOException e) {
            throw spool.failed(e);
        }
    }

    @Scheduled(fixedDelay = "1m", initialDelay = "2s")
    void sweep() {
        try (Stream<Path> all = Files.isDirectory(root()) ? Files.list(root()) : Stream.empty()) {
            for (Path folder : all.toList()) {
                if (isLeft(folder)) {
                    LOG.info("removing {}, which a server that is gone has left", folder);
                    remove(folder);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.info("what an earlier server may have left in {} stays: {}", root(), e.toString());
        }
    }

    private static boolean isLeft(Path folder) throws IOException {
        Optional<Owner> owner = owner(folder);
        return owner.isPresent()
                ? owner.get().isGone()
                : Files.getLastModifiedTime(folder).toInstant().plus(MAKING).isBefore(Instant.now());
    }

    private static Optional<Owner> owner(Path folder) {
        try {
            return Optional.of(Json.read(Files.readString(folder.resolve(OWNER)), Owner.class));
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} does not tell whose it is: {}", folder, e.getMessage());
            return Optional.empty();
        }
    }

    /** A program that is just being ended may still write: then once more. */
    static void remove(Path folder) throws IOException {
        for (int attempt = 1; Files.exists(folder); attempt++) {
            try (Stream<Path> files = Files.walk(folder)) {
                List<Path> deepestFirst =
                        files.sorted(Comparator.reverseOrder()).toList();
                for (Path file : deepestFirst) {
                    Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException e) {
                LOG.debug("{} went by itself", e.getFile());
            } catch (IOException | UncheckedIOException e) {
                if (attempt == 3) {
                    throw e;
                }
            }
        }
    }
}
