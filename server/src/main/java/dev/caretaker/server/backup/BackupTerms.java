package dev.caretaker.server.backup;

import dev.caretaker.server.store.Actor;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What is copied again and again: a backup without its occasion. The fields are those of a {@link BackupOrder}.
 *
 * @param destination name in the configuration
 * @param sessions how many read at once
 * @param longestSnapshot oldest its snapshot may become
 * @param keep how long each is kept
 */
public record BackupTerms(
        BackupOrder.Engine engine,
        String destination,
        Selection selection,
        int sessions,
        Duration longestSnapshot,
        String compression,
        Optional<DumpFormat> dumpFormat,
        Retention keep) {

    public BackupTerms {
        dumpFormat = Objects.requireNonNullElse(dumpFormat, Optional.empty());
    }

    /** One of them. */
    public BackupOrder order(UUID id, String target, Optional<Duration> timeLimit, Actor actor) {
        return new BackupOrder(
                id,
                target,
                engine,
                destination,
                selection,
                sessions,
                longestSnapshot,
                compression,
                dumpFormat,
                timeLimit,
                actor,
                List.of(),
                keep);
    }
}
