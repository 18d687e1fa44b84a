-- Findings that are new or worse since they were last told, and not muted. Messages of operators' own checks, and of those that
-- quote what a server answered, may hold rows: they are not told.
WITH seen AS (
    SELECT f.finding_id, f.told AS before
      FROM caretaker.finding f
     WHERE f.target = ? AND f.gone IS NULL AND f.last_seen = ? AND f.told IS DISTINCT FROM f.severity
       AND f.check_id <> ALL (CAST(? AS text[]))
       AND NOT EXISTS (SELECT
                         FROM caretaker.finding_mute m
                        WHERE m.target = f.target AND m.finding_id = f.finding_id AND (m.expires IS NULL OR m.expires > ?))
), told AS (
    UPDATE caretaker.finding f SET told = f.severity FROM seen s
     WHERE f.target = ? AND f.finding_id = s.finding_id
    RETURNING f.*, s.before
)
INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary, data, occurred, batch, whole)
SELECT gen_random_uuid(), CASE WHEN t.before IS NULL THEN 'finding.new' ELSE 'finding.worse' END, t.severity, t.target,
       'findings/' || t.target || '/' || t.finding_id,
       CASE WHEN t.check_id = ANY (CAST(? AS text[])) THEN t.check_id || ' found ' || t.object_kind || ' ' || w.object || '.'
            ELSE t.message END,
       jsonb_build_object('finding_id', t.finding_id, 'check', t.check_id, 'object_kind', t.object_kind,
                          'schema', t.schema_name, 'object', t.object_name, 'impact', t.impact, 'impact_unit', t.impact_unit,
                          'first_seen', t.first_seen),
       clock_timestamp(), ?, ?
  FROM told t
 CROSS JOIN LATERAL (SELECT CASE t.schema_name WHEN '' THEN '' ELSE t.schema_name || '.' END || t.object_name AS object) w
 WHERE t.before IS NULL
    OR array_position(ARRAY['INFO', 'WARNING', 'CRITICAL'], t.severity)
       > array_position(ARRAY['INFO', 'WARNING', 'CRITICAL'], t.before)
