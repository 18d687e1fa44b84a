package dev.caretaker.server.backup;

import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
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
 * @param lacking all tables of which rows are left out, also because those of a partition or of the table above are
 * @param keep how long it is kept; none: as the configuration of the target says when it is looked at
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
        Actor actor,
        List<TableName> lacking,
        Retention keep) {

    public static final int USUAL_SESSIONS = 2;
    public static final int MOST_SESSIONS = 16;
    /** A longer one would be worse for the database than a missing backup. */
    public static final Duration USUAL_SNAPSHOT = Duration.ofHours(24);

    public BackupOrder {
        lacking = Objects.requireNonNullElse(lacking, List.of());
        keep = Objects.requireNonNullElse(keep, Retention.NONE); // orders of older servers have none
    }

    BackupOrder of(Selection other) {
        return with(other, lacking);
    }

    BackupOrder lacking(List<TableName> some) {
        return with(selection, some);
    }

    private BackupOrder with(Selection other, List<TableName> some) {
        return new BackupOrder(
                id,
                target,
                engine,
                destination,
                other,
                sessions,
                longestSnapshot,
                compression,
                dumpFormat,
                timeLimit,
                actor,
                some,
                keep);
    }

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
