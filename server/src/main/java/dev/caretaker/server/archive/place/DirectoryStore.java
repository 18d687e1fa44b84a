package dev.caretaker.server.archive.place;

import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.config.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Objects as files below a folder, which must be there: where a disk is not mounted nothing is to land on another one. A file is
 * copied under another name, forced to the disk, and gets its name by a link, which fails if there is one of that name. One to which
 * nobody writes any more gets the link itself where it is on the same disk, and would not have other rights here.
 */
final class DirectoryStore implements ObjectStore {
    private static final String UNFINISHED = ".unfinished-";
    private static final long CHUNK = 16L << 20;

    private final Path root;

    DirectoryStore(Path root) {
        this.root = root;
    }

    @Override
    public boolean putIfAbsent(String key, Path file, long bytes, String sha256) throws IOException {
        return told(() -> put(path(key), file, bytes));
    }

    private boolean put(Path target, Path file, long bytes) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return isThere(target);
        }
        Path folder = makeFolder(target.getParent());
        Path own = folder.resolve(UNFINISHED + UUID.randomUUID());
        try {
            copy(file, own, bytes);
            Files.createLink(target, own);
        } catch (FileAlreadyExistsException e) {
            return isThere(target);
        } finally {
            Files.deleteIfExists(own);
        }
        SpoolFolder.syncFolder(folder);
        return true;
    }

    /** Whoever made it may have died before it was durable. */
    private static boolean isThere(Path target) throws IOException {
        SpoolFolder.syncFolder(target.getParent());
        return false;
    }

    /** By another name for the same file, where one made here would be of the same group, with the same rights, on the same disk. */
    @Override
    public boolean takeIfAbsent(String key, Path file, long bytes, String sha256) throws IOException {
        return told(() -> {
            Path target = path(key);
            Path folder = makeFolder(target.getParent());
            if (!isAsMadeIn(folder, file)) {
                return put(target, file, bytes);
            }
            SpoolFolder.sync(file);
            if (Files.size(file) != bytes) {
                throw new IOException("there are not " + bytes + " bytes in " + file);
            }
            try {
                Files.createLink(target, file);
            } catch (FileAlreadyExistsException e) {
                return isThere(target);
            } catch (FileSystemException | UnsupportedOperationException e) {
                return put(target, file, bytes); // which says what is wrong if it is not that
            }
            Files.setLastModifiedTime(target, FileTime.from(Instant.now())); // it came here now
            SpoolFolder.syncFolder(folder);
            return true;
        });
    }

    private static boolean isAsMadeIn(Path folder, Path file) throws IOException {
        if (!Files.getFileStore(folder).equals(Files.getFileStore(file))) {
            return false;
        }
        Path own = Files.createFile(folder.resolve(UNFINISHED + UUID.randomUUID()));
        try {
            PosixFileAttributes made = Files.readAttributes(own, PosixFileAttributes.class);
            PosixFileAttributes there = Files.readAttributes(file, PosixFileAttributes.class);
            return made.owner().equals(there.owner())
                    && made.group().equals(there.group())
                    && made.permissions().equals(there.permissions());
        } catch (UnsupportedOperationException e) {
            return false;
        } finally {
            Files.deleteIfExists(own);
        }
    }

    @Override
    public void requireWritable() throws IOException {
        told(() -> {
            requireRoot();
            Path own = root.resolve(UNFINISHED + UUID.randomUUID());
            try {
                Files.write(own, new byte[1], StandardOpenOption.CREATE_NEW);
            } finally {
                Files.deleteIfExists(own);
            }
            return null;
        });
    }

    private static void copy(Path from, Path to, long bytes) throws IOException {
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long done = 0;
            while (done < bytes) {
                long moved = in.transferTo(done, Math.min(CHUNK, bytes - done), out);
                if (moved <= 0) {
                    throw new IOException("there are fewer bytes than " + bytes + " in " + from);
                }
                done += moved;
            }
            out.force(true);
        }
    }

    /** Each new folder is made durable in the one above it. */
    private Path makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new NoSuchFileException(root.toString());
        }
        if (!Files.isDirectory(folder)) {
            makeFolder(folder.getParent());
            Files.createDirectories(folder);
            SpoolFolder.syncFolder(folder.getParent());
        }
        return folder;
    }

    @Override
    public Optional<Found> head(String key) throws IOException {
        return told(() -> {
            Path path = path(key);
            if (!Files.isRegularFile(path)) {
                requireRoot();
                return Optional.empty();
            }
            return Optional.of(found(path, Files.readAttributes(path, BasicFileAttributes.class)));
        });
    }

    @Override
    public InputStream get(String key) throws IOException {
        try {
            return Files.newInputStream(path(key));
        } catch (NoSuchFileException e) {
            // Where the disk is not mounted, nobody knows whether the object is there.
            told(() -> {
                requireRoot();
                return null;
            });
            throw e;
        }
    }

    @Override
    public List<Found> list(String prefix, String after, int most) throws IOException {
        return told(() -> {
            List<Found> all = new ArrayList<>();
            walk(prefix, (path, attributes) -> {
                Found found = found(path, attributes);
                boolean unfinished = path.getFileName().toString().startsWith(UNFINISHED);
                if (!unfinished && found.key().startsWith(prefix) && found.key().compareTo(after) > 0) {
                    all.add(found);
                }
            });
            return all.stream()
                    .sorted(Comparator.comparing(Found::key))
                    .limit(most)
                    .toList();
        });
    }

    @Override
    public void delete(String key) throws IOException {
        told(() -> {
            requireRoot();
            Path path = path(key);
            Files.deleteIfExists(path);
            Path folder = path.getParent();
            while (!folder.equals(root) && isEmpty(folder)) {
                Files.deleteIfExists(folder);
                folder = folder.getParent();
            }
            return null;
        });
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return true;
        }
        try (var inside = Files.list(folder)) {
            return inside.findAny().isEmpty();
        }
    }

    @Override
    public int sweepUnfinished(String prefix, Instant before) throws IOException {
        return told(() -> {
            List<Path> old = new ArrayList<>();
            walk(prefix, (path, attributes) -> {
                boolean unfinished = path.getFileName().toString().startsWith(UNFINISHED);
                if (unfinished && attributes.lastModifiedTime().toInstant().isBefore(before)) {
                    old.add(path);
                }
            });
            for (Path path : old) {
                Files.deleteIfExists(path);
            }
            return old.size();
        });
    }

    private void walk(String prefix, Seen seen) throws IOException {
        requireRoot();
        Path start = path(prefix.substring(0, prefix.lastIndexOf('/') + 1));
        if (!Files.isDirectory(start)) {
            return;
        }
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    seen.file(file, attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // somebody was faster
                }
                throw e;
            }
        });
    }

    @FunctionalInterface
    private interface Seen {
        void file(Path path, BasicFileAttributes attributes) throws IOException;
    }

    private void requireRoot() throws NoSuchFileException {
        if (!Files.isDirectory(root)) {
            throw new NoSuchFileException(root.toString());
        }
    }

    private Found found(Path path, BasicFileAttributes attributes) {
        String key = root.relativize(path).toString().replace('\\', '/');
        return new Found(key, attributes.size(), attributes.lastModifiedTime().toInstant(), Optional.empty());
    }

    /** Keys are made by Caretaker; one that leads elsewhere is a fault. */
    private Path path(String key) {
        Path path = root.resolve(key).normalize();
        if (!path.startsWith(root) || key.startsWith("/")) {
            throw new IllegalArgumentException("a key leads out of its folder: " + key);
        }
        return path;
    }

    @Override
    public String describe() {
        return "folder " + root;
    }

    private <T> T told(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException(Reading.why(e) + " (" + e.getMessage() + ")", e);
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException;
    }
}
