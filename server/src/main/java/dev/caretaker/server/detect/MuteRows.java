package dev.caretaker.server.detect;

import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ControlStoreRepository;
import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import io.micronaut.data.annotation.Query;
import io.micronaut.data.repository.GenericRepository;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Mutes of findings in the control store. */
@ControlStoreRepository
interface MuteRows extends GenericRepository<MuteRows.MuteRow, String> {
    /** A mute as it is kept. */
    @MappedEntity("finding_mute")
    record MuteRow(
            String target,
            @Id String findingId,
            String reason,
            @Nullable Instant expires,
            Actor createdBy,
            Instant created) {

        static MuteRow of(Mute mute) {
            return new MuteRow(
                    mute.target(),
                    mute.findingId(),
                    mute.reason(),
                    mute.expires().orElse(null),
                    mute.createdBy(),
                    mute.created());
        }

        Mute mute() {
            return new Mute(target, findingId, reason, Optional.ofNullable(expires), createdBy, created);
        }

        boolean holds(Instant now) {
            return expires == null || now.isBefore(expires);
        }
    }

    @Query("SELECT * FROM caretaker.finding_mute WHERE target = :target AND finding_id = :id")
    Optional<MuteRow> find(String target, String id);

    @Query("SELECT * FROM caretaker.finding_mute WHERE target = :target")
    List<MuteRow> ofTarget(String target);

    @Query("""
            INSERT INTO caretaker.finding_mute (target, finding_id, reason, expires, created_by, created)
            VALUES (:target, :findingId, :reason, :expires, :createdBy, :created)
            ON CONFLICT (target, finding_id) DO UPDATE
            SET reason = excluded.reason, expires = excluded.expires, created_by = excluded.created_by,
                created = excluded.created""")
    void put(MuteRow mute);

    @Query("DELETE FROM caretaker.finding_mute WHERE target = :target AND finding_id = :id")
    int delete(String target, String id);
}
