package dev.caretaker.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder and the processes that work in it; both are gone after closing, and after Ctrl-C. */
final class Workspace implements AutoCloseable {
    private final Path root;
    private final Deque<Closeable> processes = new ArrayDeque<>();
    private final Thread hook = new Thread(this::cleanUp, "clean-up");
    private boolean closed;

    private Workspace(Path root) {
        this.root = root;
    }

    static Workspace create() throws IOException {
        Workspace workspace = new Workspace(Files.createTempDirectory("caretaker-bench-"));
        Runtime.getRuntime().addShutdownHook(workspace.hook);
        return workspace;
    }

    /** A new folder in it. */
    Path folder(String name) throws IOException {
        return Files.createDirectory(root.resolve(name));
    }

    /** Makes sure that the process is stopped before the folder goes; the last one first. */
    synchronized <T extends Closeable> T add(T process) {
        processes.push(process);
        return process;
    }

    @Override
    public void close() {
        cleanUp();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The machine is shutting down already, so the hook runs; it finds nothing left to do.
            return;
        }
    }

    private synchronized void cleanUp() {
        if (closed) {
            return;
        }
        closed = true;
        for (Closeable process : processes) {
            try {
                process.close();
            } catch (IOException | RuntimeException e) {
                System.err.println("caretaker bench: " + process + " did not stop: " + e);
            }
        }
        delete();
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("caretaker bench: cannot remove " + root + ": " + e);
        }
    }
}
