package dev.caretaker.server.backup.dump;

import dev.caretaker.server.archive.spool.SpoolFolder;
import dev.caretaker.server.error.CaretakerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder in the spool for the files of one program. It goes when it is closed. */
final class WorkFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkFolder.class);

    private final Path path;
    private final SpoolFolder spool;

    WorkFolder(Path path, SpoolFolder spool) {
        this.path = path;
        this.spool = spool;
    }

    /** A file or folder in it. */
    Path file(String name) {
        return path.resolve(name);
    }

    /** Makes a folder in it. */
    Path folder(String name) {
        try {
            return Files.createDirectories(path.resolve(name));
        } catch (IOException e) {
            throw spool.failed(e);
        }
    }

    Path write(String name, String text) {
        try {
            return Files.writeString(path.resolve(name), text);
        } catch (IOException e) {
            throw spool.failed(e);
        }
    }

    /** An error of its disk. */
    CaretakerException failed(IOException e) {
        return spool.failed(e);
    }

    @Override
    public void close() {
        try {
            WorkFolders.remove(path);
        } catch (IOException e) {
            LOG.warn("{} is left, and is removed when this server has gone: {}", path, e.getMessage());
        }
    }
}
