package dev.caretaker.server.api;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A server for all tests of a class: targets with databases of their own, and a disk for backups. */
final class BackupScene implements AutoCloseable {
    final WholeServer server;
    final BackupCalls calls;
    private final Path folder;
    private final Map<String, Database> databases;

    private BackupScene(Path folder, Map<String, Database> databases, Map<String, Object> further) throws IOException {
        this.folder = folder;
        this.databases = databases;
        Map<String, Object> more = new HashMap<>(Map.of(
                "caretaker.archives.spool",
                folder.resolve("spool").toString(),
                "caretaker.archives.destinations.disk.type",
                "directory",
                "caretaker.archives.destinations.disk.path",
                Files.createDirectories(disk()).toString()));
        databases.forEach((name, database) -> {
            String target = "caretaker.targets." + name + ".";
            more.put(target + "url", database.url());
            more.put(target + "user", database.user());
            more.put(target + "password", database.password());
            more.put(target + "free-disk-space", "10GB");
            more.put(target + "lock-timeout", "60s");
        });
        more.putAll(further);
        this.server = WholeServer.start(databases.get("main"), more);
        this.calls = new BackupCalls(server);
    }

    /**
     * Starts it.
     *
     * @param folder for disk and spool
     * @param databases by the names of their targets, of which one is main
     */
    static BackupScene start(Path folder, Map<String, Database> databases) throws IOException {
        return start(folder, databases, Map.of());
    }

    /** The same, with more of a configuration. */
    static BackupScene start(Path folder, Map<String, Database> databases, Map<String, Object> further)
            throws IOException {
        return new BackupScene(folder, Map.copyOf(databases), further);
    }

    /** A fresh database. */
    static Database of(TestPostgres postgres, String... statements) {
        Database database = postgres.database();
        database.execute(statements);
        return database;
    }

    Database database(String target) {
        return databases.get(target);
    }

    /** Where backups are put. */
    Path disk() {
        return folder.resolve("disk");
    }

    Path spool() {
        return folder.resolve("spool");
    }

    /** Files of a backup. */
    long files(String backup) {
        try (Stream<Path> all = Files.walk(disk())) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains(backup))
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Changes a byte of a part of a table copy. */
    void damage(String backup) throws IOException {
        try (Stream<Path> files = Files.walk(disk())) {
            Path part = files.filter(file ->
                            file.toString().contains(backup) && file.toString().endsWith(".csv.zst"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(part);
            bytes[bytes.length / 2] ^= 1;
            Files.write(part, bytes);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
