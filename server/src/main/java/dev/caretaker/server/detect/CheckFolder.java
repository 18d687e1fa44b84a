package dev.caretaker.server.detect;

import dev.caretaker.server.detect.Checks.BrokenFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads the files of checks: Caretaker's own from the class path, an operator's from a folder. */
final class CheckFolder {
    private static final String SUFFIX = ".sql";
    private static final long LARGEST_FILE = 1 << 20;

    private CheckFolder() {}

    /** The checks in a folder of the class path, be it a directory or inside of a jar. They are all right or this fails. */
    static List<Check> builtIn(URL folder) {
        try {
            if (folder.openConnection() instanceof JarURLConnection jar) {
                try (FileSystem files =
                        FileSystems.newFileSystem(Path.of(jar.getJarFileURL().toURI()))) {
                    return readAll(files.getPath(jar.getEntryName()));
                }
            }
            return readAll(Path.of(folder.toURI()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Check> readAll(Path folder) throws IOException {
        List<Check> checks = new ArrayList<>();
        for (Path file : files(folder)) {
            try {
                checks.add(CheckFile.parse(Files.readString(file), false));
            } catch (CheckFile.Broken e) {
                throw new IllegalStateException(file + ": " + e.getMessage(), e);
            }
        }
        if (checks.isEmpty()) {
            throw new IllegalStateException("there are no checks in " + folder);
        }
        return checks;
    }

    /**
     * What an operator's folder holds now.
     *
     * @param taken ids that no check of an operator may have
     */
    static Checks.Selection custom(Path folder, Set<String> taken) {
        SortedMap<String, Check> byId = new TreeMap<>();
        List<BrokenFile> broken = new ArrayList<>();
        try {
            for (Path file : files(folder)) {
                String id = id(file);
                try {
                    byId.put(id, custom(file, id, taken));
                } catch (CheckFile.Broken e) {
                    broken.add(new BrokenFile(id, file + " is no check: " + e.getMessage()));
                } catch (IOException e) {
                    broken.add(new BrokenFile(id, file + " cannot be read: " + e.getMessage()));
                }
            }
        } catch (IOException e) {
            broken.add(new BrokenFile("caretaker.checks.directory", folder + " cannot be read: " + e.getMessage()));
        }
        return new Checks.Selection(byId, broken);
    }

    private static Check custom(Path file, String id, Set<String> taken) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new CheckFile.Broken("the file is larger than 1 MB");
        }
        Check check = CheckFile.parse(Files.readString(file), true);
        if (!check.id().equals(id)) {
            throw new CheckFile.Broken("the file should be named " + check.id() + SUFFIX);
        }
        if (taken.contains(id)) {
            throw new CheckFile.Broken("Caretaker itself has a check of this id");
        }
        return check;
    }

    private static String id(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - SUFFIX.length());
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }
}
