-- Parameters: target, findings as a JSON array, now.
WITH input AS (
    SELECT CAST(? AS text) AS target, CAST(? AS jsonb) AS findings, CAST(? AS timestamptz) AS now
), seen AS (
    SELECT i.target, i.now, s.*
    FROM input i
    CROSS JOIN LATERAL jsonb_to_recordset(i.findings) AS s (
        id text, "checkId" text, severity text, confidence text, "objectKind" text, schema text, object text,
        message text, impact double precision, "impactUnit" text, evidence text, remediation text,
        "blocksVacuum" boolean, "blocksCleanup" boolean)
), before AS (
    SELECT f.finding_id, f.gone FROM caretaker.finding f JOIN seen s ON s.target = f.target AND s.id = f.finding_id
), merged AS (
    INSERT INTO caretaker.finding AS f (
        target, finding_id, check_id, severity, confidence, object_kind, schema_name, object_name, message, impact,
        impact_unit, evidence, remediation, blocks_vacuum, blocks_cleanup, first_seen, last_seen, status)
    SELECT s.target, s.id, s."checkId", s.severity, s.confidence, s."objectKind", s.schema, s.object, s.message, s.impact,
           s."impactUnit", CAST(s.evidence AS jsonb), s.remediation, s."blocksVacuum", s."blocksCleanup", s.now, s.now,
           CASE WHEN b.finding_id IS NULL OR b.gone IS NOT NULL THEN 'NEW' ELSE 'STILL_THERE' END
    FROM seen s
    LEFT JOIN before b ON b.finding_id = s.id
    -- two detections at once touch the rows in the same order
    ORDER BY s.id
    ON CONFLICT (target, finding_id) DO UPDATE SET
        severity = excluded.severity, confidence = excluded.confidence, message = excluded.message,
        impact = excluded.impact, impact_unit = excluded.impact_unit, evidence = excluded.evidence,
        remediation = excluded.remediation, blocks_vacuum = excluded.blocks_vacuum,
        blocks_cleanup = excluded.blocks_cleanup, last_seen = excluded.last_seen, gone = NULL, status = excluded.status
    RETURNING f.*
)
SELECT * FROM merged
