package dev.caretaker.server.backup;

import dev.caretaker.server.config.BackupToolsConfig;
import dev.caretaker.server.store.BackupStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** What retention deletes, later than it is. */
public final class Expired {
    private Expired() {}

    public static List<String> after(Duration span, String target, BackupStore store, BackupToolsConfig config) {
        return new BackupKeeper(
                        store, config, new CalmClock(Clock.offset(Clock.systemUTC(), span)::instant, System::nanoTime))
                .expire(target).stream().map(UUID::toString).toList();
    }
}
