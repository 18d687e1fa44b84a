-- id: backup-damaged
-- title: Backups that could not be restored
-- category: backups
-- severity: critical
-- confidence: certain
-- impact: none
-- reads: primary
-- meaning: A backup was restored into a scratch database, and what came out is not what was copied: rows, tables, objects or sequences
--   differ or are missing. It does not count as a backup any more.
-- remedy: "caretaker backups show ID" lists what differs. Make another backup and verify it; look at the disk or the store that held
--   this one; delete it once it is of no more use ("caretaker backups delete ID").
SELECT 'backup' AS object_kind,
       d.id AS object_name,
       format('Backup %s of %s was found damaged when it was restored.', d.id, to_char(d.time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'))
           AS message,
       jsonb_build_object('backup', d.id, 'time', d.time) AS evidence
FROM jsonb_to_recordset(CAST(:backups AS jsonb) -> 'damaged') AS d (id text, time timestamptz)
