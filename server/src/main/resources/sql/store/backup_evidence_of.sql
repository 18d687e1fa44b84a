-- The latest, with how many there are.
SELECT evidence, count(*) OVER () AS number
  FROM caretaker.backup_evidence
 WHERE backup_id = ?
 ORDER BY ended DESC, run_id
 LIMIT ?
