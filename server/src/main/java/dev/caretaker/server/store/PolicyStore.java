package dev.caretaker.server.store;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.repository.GenericRepository;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Policies in the control store. */
@ControlStoreRepository
public interface PolicyStore extends GenericRepository<PolicyRow, String> {

    Optional<PolicyRow> findByTargetAndName(String target, String name);

    /** Policies of that name, whatever their targets. */
    List<PolicyRow> findByName(String name);

    /**
     * By name and then target, those after that place.
     *
     * @param target null means all
     */
    @Query("""
            SELECT * FROM caretaker.policy
            WHERE target = COALESCE(CAST(:target AS text), target) AND (name, target) > (:name, :of)
            ORDER BY name, target
            LIMIT :limit""")
    List<PolicyRow> list(@Nullable String target, String name, String of, int limit);

    /** One change of policies at a time, readers welcome, until the transaction ends. Touches no rows: 0. */
    @Query(value = "LOCK TABLE caretaker.policy IN SHARE ROW EXCLUSIVE MODE", readOnly = false)
    int lock();

    @Query("""
            INSERT INTO caretaker.policy (name, target, content, etag, updated, updated_by)
            VALUES (:name, :target, :content, :etag, :updated, :updatedBy)
            ON CONFLICT (target, name) DO UPDATE
            SET content = excluded.content, etag = excluded.etag,
                updated = excluded.updated, updated_by = excluded.updated_by""")
    void put(PolicyRow policy);

    void deleteByTargetAndName(String target, String name);
}
