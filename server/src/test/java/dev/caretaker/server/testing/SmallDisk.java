package dev.caretaker.server.testing;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of some megabytes in memory, which a test may fill; a plain folder where the system lets us make none. */
public final class SmallDisk implements AutoCloseable {
    private final Path folder;
    private final boolean small;

    private SmallDisk(Path folder, boolean small) {
        this.folder = folder;
        this.small = small;
    }

    /** @param folder made if it is not there */
    public static SmallDisk at(Path folder, int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        return new SmallDisk(
                folder,
                run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "caretaker-test", folder.toString()));
    }

    /** False where the system does not let us: nothing can be filled then. */
    public boolean isSmall() {
        return small;
    }

    /** Leaves room for so many bytes. */
    public void fill(int left) throws IOException {
        if (!small) {
            throw new IllegalStateException(folder + " is as large as the disk of this machine");
        }
        FileStore disk = Files.getFileStore(folder);
        try {
            Files.write(filler(), new byte[(int) disk.getUsableSpace() - left]);
        } catch (IOException e) {
            if (disk.getUsableSpace() > left) {
                throw e;
            } // Else others filled it meanwhile.
        }
    }

    /** Takes back what {@link #fill} has done. */
    public void free() throws IOException {
        Files.deleteIfExists(filler());
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (small) {
            run("umount", folder.toString());
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }
}
