-- The latest stands with the backup, and each by itself.
WITH latest AS (
    UPDATE caretaker.backup SET evidence = ?, verified = CASE WHEN ? THEN ? ELSE verified END WHERE backup_id = ?
    RETURNING backup_id, evidence
)
INSERT INTO caretaker.backup_evidence (backup_id, run_id, ended, evidence)
SELECT backup_id, ?, ?, evidence
  FROM latest
ON CONFLICT (backup_id, run_id) DO UPDATE SET ended = excluded.ended, evidence = excluded.evidence
