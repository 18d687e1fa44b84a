package dev.caretaker.server.store;

import static dev.caretaker.server.store.ControlStore.instant;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What other tools say of their backups, in the control store. All methods fail with CONTROL_STORE_UNREACHABLE. */
@Singleton
public class BackupLookStore {
    private final ControlStore store;

    BackupLookStore(ControlStore store) {
        this.store = store;
    }

    /**
     * A tool of a target.
     *
     * @param tool its constant in the configuration
     * @param name stanza or server; empty if it needs none
     */
    public record Key(String target, String tool, String name) {}

    /**
     * The latest look.
     *
     * @param looked when the tool last told what it has
     * @param content that, as JSON
     * @param failing since when it does not tell
     * @param error why, a sentence; empty if the latest look went well
     */
    public record Look(
            Key key, Optional<Instant> looked, Optional<String> content, Optional<Instant> failing, String error) {}

    /** Tools that are new are due at once. */
    public void meet(Key key) {
        store.update("backup_look_meet", key.target(), key.tool(), key.name());
    }

    /**
     * Whether this server is to look now: it is due, or the latest look is older than is wanted.
     *
     * @param every when it is due again
     */
    public boolean claim(Key key, Duration every, Duration oldest) {
        return store.update(
                        "backup_look_claim", every.toMillis(), key.target(), key.tool(), key.name(), oldest.toMillis())
                == 1;
    }

    public void keep(Key key, String content) {
        store.update("backup_look_keep", content, key.target(), key.tool(), key.name());
    }

    public void failed(Key key, String error) {
        store.update("backup_look_failed", error, key.target(), key.tool(), key.name());
    }

    /** All that were ever taken of a target. */
    public List<Look> of(String target) {
        return store.list(
                "backup_look_list",
                row -> new Look(
                        new Key(row.getString("target"), row.getString("tool"), row.getString("name")),
                        Optional.ofNullable(instant(row, "looked")),
                        Optional.ofNullable(row.getString("content")),
                        Optional.ofNullable(instant(row, "failing")),
                        row.getString("error")),
                target);
    }
}
