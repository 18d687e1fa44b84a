-- Findings that were told and are gone. Whoever was told is told, although it is muted meanwhile.
WITH gone AS (
    SELECT f.finding_id, f.told AS before
      FROM caretaker.finding f
     WHERE f.target = ? AND f.gone = ? AND f.told IS NOT NULL
), told AS (
    UPDATE caretaker.finding f SET told = NULL FROM gone g
     WHERE f.target = ? AND f.finding_id = g.finding_id
    RETURNING f.*, g.before
)
INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary, data, resolves, occurred, batch)
SELECT gen_random_uuid(), 'finding.gone', t.before, t.target, 'findings/' || t.target || '/' || t.finding_id,
       t.check_id || ' no longer finds ' || t.object_kind || ' '
           || CASE t.schema_name WHEN '' THEN '' ELSE t.schema_name || '.' END || t.object_name || '.',
       jsonb_build_object('finding_id', t.finding_id, 'check', t.check_id, 'object_kind', t.object_kind,
                          'schema', t.schema_name, 'object', t.object_name, 'first_seen', t.first_seen),
       'finding.new', clock_timestamp(), ?
  FROM told t
