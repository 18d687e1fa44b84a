package dev.caretaker.server.store.source;

import dev.caretaker.server.store.Sha256;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The programs of a Postgres: those that Caretaker carries, unpacked, or others. */
final class PostgresBinaries {
    private static final String PREFIX = "postgres-";
    private static final int OWNER_EXECUTES = 0100;

    private final Path programs;

    private PostgresBinaries(Path programs) {
        this.programs = programs;
    }

    /** Those in a folder. */
    static PostgresBinaries in(Path programs) {
        return new PostgresBinaries(programs);
    }

    /** Unpacks them under {@code parent} unless they are there, and removes those of earlier versions. */
    static PostgresBinaries unpack(Path parent) throws IOException {
        byte[] archive = archive();
        Path folder = parent.resolve(PREFIX + digest(archive));
        if (!Files.isDirectory(folder)) {
            removeAll(parent);
            Path partial = parent.resolve(PREFIX + "unpacking");
            extract(archive, partial);
            Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
        }
        return new PostgresBinaries(folder.resolve("bin"));
    }

    Path program(String name) {
        return programs.resolve(name);
    }

    private static byte[] archive() throws IOException {
        String system = System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux";
        try (InputStream in =
                DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, System.getProperty("os.arch"))) {
            return in.readAllBytes();
        }
    }

    private static String digest(byte[] archive) {
        return Sha256.hex(Sha256.of(archive), 8);
    }

    private static void extract(byte[] archive, Path folder) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = folder.resolve(entry.getName()).normalize();
                if (!path.startsWith(folder)) {
                    throw new IOException("the archive of Postgres leaves its folder: " + entry.getName());
                }
                extract(tar, entry, path);
            }
        }
    }

    private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, path);
        if ((entry.getMode() & OWNER_EXECUTES) != 0 && !path.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + path + " executable");
        }
    }

    private static void removeAll(Path parent) throws IOException {
        try (Stream<Path> children = Files.list(parent)) {
            for (Path child : children.filter(
                            path -> path.getFileName().toString().startsWith(PREFIX))
                    .toList()) {
                remove(child);
            }
        }
    }

    /** Removes a folder if there is one. */
    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
