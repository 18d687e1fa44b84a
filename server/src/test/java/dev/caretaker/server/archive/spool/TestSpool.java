package dev.caretaker.server.archive.spool;

import java.nio.file.Path;

/** A spool without a server. */
public final class TestSpool {
    private TestSpool() {}

    public static SpoolFolder at(Path root) {
        return new SpoolFolder(root);
    }
}
