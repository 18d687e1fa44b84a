SELECT evidence
  FROM caretaker.backup_evidence
 WHERE backup_id = ?
 ORDER BY ended DESC, run_id
 LIMIT ?
