package dev.caretaker.server.store;

import static dev.caretaker.server.store.ControlStore.instant;

import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Backups that were made elsewhere and recorded. All methods fail with CONTROL_STORE_UNREACHABLE. */
@Singleton
public class ExternalBackupStore {
    private final ControlStore store;

    ExternalBackupStore(ControlStore store) {
        this.store = store;
    }

    /**
     * A backup made elsewhere.
     *
     * @param source who made it, such as "ebs-snapshot"
     * @param reference its name there
     * @param taken the moment whose state it holds
     * @param verified when it was proven by restoring it
     * @param bytes its size, if that is known
     * @param actor who recorded it
     */
    public record ExternalBackup(
            UUID id,
            String target,
            String source,
            String reference,
            Instant taken,
            Optional<Instant> verified,
            OptionalLong bytes,
            String note,
            Actor actor,
            Instant recorded) {}

    /** Keeps one; one of the same target, source and reference is replaced, but keeps its id. Returns it as it is kept. */
    public ExternalBackup put(ExternalBackup backup) {
        return store.transaction(() -> {
            store.update(
                    "external_backup_put",
                    backup.id(),
                    backup.target(),
                    backup.source(),
                    backup.reference(),
                    backup.taken(),
                    backup.verified(),
                    backup.bytes().isPresent() ? backup.bytes().getAsLong() : null,
                    backup.note(),
                    Json.write(backup.actor()),
                    backup.recorded());
            return find(backup.target(), backup.source(), backup.reference()).orElseThrow();
        });
    }

    /** One that was recorded. */
    public Optional<ExternalBackup> find(String target, String source, String reference) {
        return store.first("external_backup_find", ExternalBackupStore::read, target, source, reference);
    }

    /** The newest of a target, and its newest verified ones, by their moment. */
    public List<ExternalBackup> of(String target, int most) {
        return store.list("external_backup_list", ExternalBackupStore::read, target, most, target, most);
    }

    private static ExternalBackup read(ResultSet row) throws SQLException {
        long bytes = row.getLong("bytes");
        OptionalLong size = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(bytes);
        return new ExternalBackup(
                row.getObject("backup_id", UUID.class),
                row.getString("target"),
                row.getString("source"),
                row.getString("reference"),
                instant(row, "taken"),
                Optional.ofNullable(instant(row, "verified")),
                size,
                row.getString("note"),
                Json.read(row.getString("actor"), Actor.class),
                instant(row, "recorded"));
    }
}
