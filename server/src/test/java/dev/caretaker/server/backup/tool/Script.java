package dev.caretaker.server.backup.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Programs for tests, written in the language of the shell. */
public final class Script {
    private Script() {}

    /** A program of that name in the folder, which is made if need be. */
    public static Path in(Path folder, String name, String text) throws IOException {
        Files.createDirectories(folder);
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
