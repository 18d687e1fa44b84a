package dev.caretaker.server.backup;

import dev.caretaker.server.store.Actor;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * A backup as somebody orders it; kept in the control store and in the manifest.
 *
 * @param id of the backup, and of the run that makes it
 * @param destination name in the configuration
 * @param sessions how many read at once
 * @param longestSnapshot oldest its snapshot may become
 * @param compression one that the engine knows; with table copy the name of a
 *     {@link dev.caretaker.server.archive.format.Compression}
 * @param dumpFormat form of pg_dump's archive; empty with other engines, and where nothing was said
 */
public record BackupOrder(
        UUID id,
        String target,
        Engine engine,
        String destination,
        Selection selection,
        int sessions,
        Duration longestSnapshot,
        String compression,
        Optional<DumpFormat> dumpFormat,
        Optional<Duration> timeLimit,
        Actor actor) {

    public static final int USUAL_SESSIONS = 2;
    public static final int MOST_SESSIONS = 16;
    /** A longer one would be worse for the database than a missing backup. */
    public static final Duration USUAL_SNAPSHOT = Duration.ofHours(24);

    /** What makes a backup. */
    public enum Engine {
        TABLE_COPY("zstd"),
        PG_DUMP("gzip"); // every version of pg_dump knows it

        private final String usualCompression;

        Engine(String usualCompression) {
            this.usualCompression = usualCompression;
        }

        /** Where nothing is said of compression. */
        public String usualCompression() {
            return usualCompression;
        }
    }
}
