package dev.caretaker.server.archive.spool;

import dev.caretaker.server.config.ArchivesConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder in which this server keeps parts until they are stored: one folder an archive. It has an identity of its own, so that
 * servers that share it know that they do, and so that a part is looked for nowhere else.
 */
@Singleton
public final class SpoolFolder {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolFolder.class);
    private static final String IDENTITY = "spool-id";
    private static final String COPIES = "copies";

    private final Path root;
    private final Set<Path> settled = ConcurrentHashMap.newKeySet();
    private Optional<UUID> id = Optional.empty();

    @Inject
    SpoolFolder(ArchivesConfig config) {
        this(config.spool());
    }

    SpoolFolder(Path root) {
        this.root = root.toAbsolutePath();
    }

    public Path root() {
        return root;
    }

    /** Host and folder, for people who look for a part. */
    public String place() {
        try {
            return InetAddress.getLocalHost().getHostName() + ":" + root;
        } catch (UnknownHostException e) {
            return "localhost:" + root;
        }
    }

    /**
     * Identity of the folder, given when it is first used.
     *
     * @throws CaretakerException SPOOL_FAILED
     */
    public synchronized UUID id() {
        if (id.isEmpty()) {
            try {
                id = Optional.of(identity());
            } catch (IOException e) {
                throw failed(e);
            }
        }
        return id.get();
    }

    private UUID identity() throws IOException {
        Files.createDirectories(root);
        Path file = root.resolve(IDENTITY);
        if (!Files.exists(file)) {
            Path own = Files.writeString(root.resolve(IDENTITY + "." + UUID.randomUUID()), UUID.randomUUID() + "\n");
            try {
                sync(own);
                Files.createLink(file, own); // whoever is first, if several servers share it
                syncFolder(root);
            } catch (FileAlreadyExistsException e) {
                return read(file);
            } finally {
                Files.deleteIfExists(own);
            }
        }
        return read(file);
    }

    private static UUID read(Path file) throws IOException {
        try {
            return UUID.fromString(Files.readString(file).strip());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " does not hold the identity of a spool", e);
        }
    }

    /** Where a part's file is, or will be. */
    public Path file(UUID archive, String name) {
        return folder(archive).resolve(name);
    }

    /** The folder of an archive. */
    public Path folder(UUID archive) {
        return root.resolve(archive.toString());
    }

    /** Makes the folder of an archive, so that a crash does not lose it. */
    Path make(UUID archive) throws IOException {
        id();
        Path folder = folder(archive);
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            syncFolder(root);
        }
        return folder;
    }

    /** Writes a small file that is about to be carried. */
    public Path write(UUID archive, String name, byte[] bytes) throws IOException {
        return Files.write(make(archive).resolve(name), bytes);
    }

    /** A part is at its destination, or nothing of it counts. */
    public void delete(UUID archive, String name) throws IOException {
        Files.deleteIfExists(file(archive, name));
        settled.remove(file(archive, name));
        Path folder = folder(archive);
        if (Files.isDirectory(folder)) {
            deleteIfEmpty(folder);
        }
    }

    /**
     * Takes over a copy as a file of an archive, whole and durable when this returns.
     *
     * @return where it is now
     */
    public Path keep(Path copy, UUID archive, String name) throws IOException {
        sync(copy);
        Path kept = make(archive).resolve(name);
        Files.move(copy, kept, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(kept.getParent());
        settle(kept);
        return kept;
    }

    /** Where a copy of a part can be made that is to be read; it has no meaning beyond that. */
    public Path copy() {
        id();
        try {
            return Files.createDirectories(root.resolve(COPIES))
                    .resolve(UUID.randomUUID().toString());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** The copy is not needed. */
    public void forgetCopy(Path copy) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            LOG.info("the copy {} of a part is left: {}", copy, e.toString());
        }
    }

    /** Whether it was ever used. */
    public boolean isThere() {
        return Files.exists(root.resolve(IDENTITY));
    }

    /**
     * Deletes files of archives, and copies, that nobody names. Where the archive is not known nothing is touched: the folder may
     * serve another control store, or this one may be older than the file, whose rows may be nowhere else.
     *
     * @param known whether there is an archive of that id
     * @param named files of parts; what is made of one has a longer name
     * @param before only files that were last written before
     * @return how many
     */
    public int sweep(Predicate<UUID> known, Set<Path> named, Instant before) {
        int gone = 0;
        try (Stream<Path> all = Files.walk(root, 2)) {
            for (Path path : all.filter(file -> file.getNameCount() == root.getNameCount() + 2)
                    .toList()) {
                boolean old = Files.isRegularFile(path)
                        && Files.getLastModifiedTime(path).toInstant().isBefore(before);
                if (old && !isNamed(path, named) && isOurs(path.getParent(), known)) {
                    Files.deleteIfExists(path);
                    settled.remove(path);
                    deleteIfEmpty(path.getParent());
                    gone++;
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.info("the spool {} cannot be swept now: {}", root, e.toString());
        }
        return gone;
    }

    private static boolean isNamed(Path file, Set<Path> named) {
        return named.contains(file)
                || named.stream().anyMatch(part -> file.toString().startsWith(part + "."));
    }

    private static boolean isOurs(Path folder, Predicate<UUID> known) {
        String name = folder.getFileName().toString();
        try {
            return name.equals(COPIES) || known.test(UUID.fromString(name));
        } catch (IllegalArgumentException e) {
            return false; // no folder of an archive
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            if (left.findAny().isPresent()) {
                return;
            }
        }
        Files.deleteIfExists(folder);
    }

    /** Nobody writes to that file of this folder any more: it was made and closed by this server, whole. */
    void settle(Path file) {
        settled.add(file);
    }

    /**
     * Whether nobody can write to a file any more. Of a file that another server has made nobody knows: that server may have lost its
     * run and still hold the file open.
     */
    public boolean isSettled(Path file) {
        return settled.contains(file);
    }

    /** Forces a file to the disk, with its length. */
    public static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** So that a crash does not lose what was made in it. */
    public static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** An error of the disk, as one for callers. */
    public CaretakerException failed(IOException e) {
        return CaretakerException.of(
                Reason.SPOOL_FAILED, "The spool " + place() + " cannot be used: " + e.getMessage() + ".");
    }
}
