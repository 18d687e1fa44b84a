package dev.caretaker.server.store.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The folder of Caretaker's own data, held by one server at a time; the system lets go of it when the process dies. */
final class DataFolder implements AutoCloseable {
    private static final int PASSWORD_BYTES = 24;

    private final Path path;
    private final FileChannel lock;

    private DataFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Makes the folder if need be and takes it; fails with CONTROL_STORE_UNREACHABLE if another server has it. */
    static DataFolder take(Path given) throws IOException {
        Path path = given.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
        } catch (FileAlreadyExistsException e) {
            throw PostgresProgram.unavailable("The data folder " + path + " is not a folder.");
        }
        FileChannel channel =
                FileChannel.open(path.resolve("caretaker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!tryLock(channel)) {
            channel.close();
            throw PostgresProgram.unavailable("Another Caretaker server uses the data folder " + path
                    + "; servers that share work need a control store of their own (caretaker.control-store.url).");
        }
        return new DataFolder(path, channel);
    }

    Path path() {
        return path;
    }

    /** Where the embedded Postgres keeps its data. */
    Path cluster() {
        return path.resolve("control-store");
    }

    Path log() {
        return path.resolve("control-store.log");
    }

    /** File with the password of the embedded Postgres, readable by its owner alone; made when first asked for. */
    Path password() throws IOException {
        Path file = path.resolve("control-store.password");
        if (!Files.exists(file)) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, HexFormat.of().formatHex(random));
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // Held by this very process.
            return false;
        }
    }
}
