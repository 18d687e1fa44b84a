-- The latest, with how many there are.
SELECT e.evidence, (SELECT count(*) FROM caretaker.backup_evidence a WHERE a.backup_id = e.backup_id) AS number
  FROM caretaker.backup_evidence e
 WHERE e.backup_id = ?
 ORDER BY e.ended DESC, e.run_id
 LIMIT ?
