package dev.caretaker.server.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** What the demo has started, and its folder; all of it goes when the process ends, the latest first. */
final class DemoResources implements AutoCloseable {
    private final Deque<Closeable> started = new ArrayDeque<>();
    private boolean closed;

    synchronized <T extends Closeable> T add(T resource) throws IOException {
        if (closed) {
            close(resource);
            throw new IOException("the demo is being stopped");
        }
        started.push(resource);
        return resource;
    }

    /** A temporary folder. */
    Path createFolder() throws IOException {
        Path folder = Files.createTempDirectory("caretaker-demo-");
        add(() -> delete(folder));
        return folder;
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!started.isEmpty()) {
            close(started.pop());
        }
    }

    private static void close(Closeable resource) {
        try {
            resource.close();
        } catch (IOException | RuntimeException e) {
            // The others still have to be closed.
            System.err.println("not cleaned up: " + e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
