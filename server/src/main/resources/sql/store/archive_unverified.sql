-- Stored archives of a target that were not found whole since then at a level or a deeper one, the newest first.
SELECT a.*
FROM caretaker.archive a
CROSS JOIN (SELECT ARRAY['STORED', 'READ_BACK', 'RESTORED'] AS names) levels
WHERE a.target = ? AND a.state = 'STORED'
  AND (? OR a.policy = ANY (CAST(? AS text[])))
  AND (a.verified IS NULL OR a.verified < ?
       OR array_position(levels.names, COALESCE(a.verified_level, 'STORED')) < array_position(levels.names, CAST(? AS text)))
ORDER BY a.created DESC, a.archive_id DESC
LIMIT ?
