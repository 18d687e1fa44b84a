package dev.caretaker.server.detect;

import dev.caretaker.server.store.ControlStoreRepository;
import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import io.micronaut.data.annotation.Query;
import io.micronaut.data.annotation.TypeDef;
import io.micronaut.data.model.DataType;
import io.micronaut.data.repository.GenericRepository;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Findings in the control store. */
@ControlStoreRepository
interface FindingRows extends GenericRepository<FindingRows.FindingRow, String> {
    /** A finding as it is kept. */
    @MappedEntity("finding")
    record FindingRow(
            @Id String findingId,
            String checkId,
            Severity severity,
            Confidence confidence,
            String objectKind,
            String schemaName,
            String objectName,
            String message,
            double impact,
            ImpactUnit impactUnit,
            @TypeDef(type = DataType.JSON) String evidence,
            @Nullable String remediation,
            boolean blocksVacuum,
            boolean blocksCleanup,
            Instant firstSeen,
            Instant lastSeen,
            Finding.Status status) {

        Finding finding(boolean muted) {
            RawFinding found = new RawFinding(
                    findingId,
                    checkId,
                    severity,
                    confidence,
                    objectKind,
                    schemaName,
                    objectName,
                    message,
                    impact,
                    impactUnit,
                    evidence,
                    Optional.ofNullable(remediation),
                    blocksVacuum,
                    blocksCleanup);
            return new Finding(found, firstSeen, lastSeen, status, muted);
        }
    }

    @Query("SELECT * FROM caretaker.finding WHERE target = :target AND finding_id = :id")
    Optional<FindingRow> find(String target, String id);

    /**
     * Remembers what was found and brings it back with what was known of it.
     *
     * @param findings JSON array of {@link RawFinding}
     */
    @Query("""
            WITH seen AS (
                SELECT *
                FROM jsonb_to_recordset(CAST(:findings AS jsonb)) AS s (
                    id text, "checkId" text, severity text, confidence text, "objectKind" text, schema text, object text,
                    message text, impact double precision, "impactUnit" text, evidence text, remediation text,
                    "blocksVacuum" boolean, "blocksCleanup" boolean)
            ), before AS (
                SELECT f.finding_id, f.gone FROM caretaker.finding f JOIN seen s ON s.id = f.finding_id
                WHERE f.target = :target
            ), merged AS (
                INSERT INTO caretaker.finding AS f (
                    target, finding_id, check_id, severity, confidence, object_kind, schema_name, object_name, message,
                    impact, impact_unit, evidence, remediation, blocks_vacuum, blocks_cleanup, first_seen, last_seen,
                    status)
                SELECT :target, s.id, s."checkId", s.severity, s.confidence, s."objectKind", s.schema, s.object, s.message,
                       s.impact, s."impactUnit", CAST(s.evidence AS jsonb), s.remediation, s."blocksVacuum",
                       s."blocksCleanup", :now, :now,
                       CASE WHEN b.finding_id IS NULL OR b.gone IS NOT NULL THEN 'NEW' ELSE 'STILL_THERE' END
                FROM seen s
                LEFT JOIN before b ON b.finding_id = s.id
                -- two detections at once touch the rows in the same order
                ORDER BY s.id
                ON CONFLICT (target, finding_id) DO UPDATE SET
                    severity = excluded.severity, confidence = excluded.confidence, message = excluded.message,
                    impact = excluded.impact, impact_unit = excluded.impact_unit, evidence = excluded.evidence,
                    remediation = excluded.remediation, blocks_vacuum = excluded.blocks_vacuum,
                    blocks_cleanup = excluded.blocks_cleanup, last_seen = excluded.last_seen, gone = NULL,
                    status = excluded.status
                RETURNING f.*
            )
            SELECT * FROM merged""")
    List<FindingRow> merge(String target, String findings, Instant now);

    /** What was found, though it is not told. */
    @Query("UPDATE caretaker.finding SET last_seen = :now WHERE target = :target AND finding_id IN (:ids)")
    void touch(String target, Collection<String> ids, Instant now);

    /** What checks that would have found it did not find is gone. */
    @Query("""
            UPDATE caretaker.finding f
            SET gone = :now, status = 'GONE'
            WHERE target = :target AND check_id IN (:checks) AND gone IS NULL AND last_seen < :now
            RETURNING f.*""")
    List<FindingRow> gone(String target, Collection<String> checks, Instant now);

    /** Those that were first seen within a span, gravest first. */
    @Query("""
            SELECT * FROM caretaker.finding
            WHERE target = :target AND first_seen >= :since AND first_seen < :until
            ORDER BY array_position(ARRAY['CRITICAL', 'WARNING', 'INFO'], severity), check_id, schema_name, object_name,
                     finding_id
            LIMIT :limit""")
    List<FindingRow> foundWithin(String target, Instant since, Instant until, int limit);

    @Query("""
            SELECT count(*) FROM caretaker.finding
            WHERE target = :target AND first_seen >= :since AND first_seen < :until""")
    long countFoundWithin(String target, Instant since, Instant until);

    /** Those that went within a span, gravest first. */
    @Query("""
            SELECT * FROM caretaker.finding
            WHERE target = :target AND gone >= :since AND gone < :until
            ORDER BY array_position(ARRAY['CRITICAL', 'WARNING', 'INFO'], severity), check_id, schema_name, object_name,
                     finding_id
            LIMIT :limit""")
    List<FindingRow> goneWithin(String target, Instant since, Instant until, int limit);

    @Query("SELECT count(*) FROM caretaker.finding WHERE target = :target AND gone >= :since AND gone < :until")
    long countGoneWithin(String target, Instant since, Instant until);
}
