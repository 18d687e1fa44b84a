-- id: backup-missing
-- title: No backup
-- category: backups
-- severity: critical
-- confidence: certain
-- impact: none
-- reads: primary
-- meaning: There should be backups of the database, since the configuration expects some or there were some, and Caretaker knows of
--   none that holds all of it: none of its own, none that a tool it asks has, and none that was recorded. A database of which nothing
--   says that it should have backups is not reported.
-- remedy: "caretaker backups health" shows what is known. Make one ("caretaker backups run"), name the stanza or server of the tool
--   that makes them (backups.pgbackrest-stanza, backups.barman-server, backups.wal-g-config), or record those that are made elsewhere
--   ("caretaker backups record").
SELECT 'database' AS object_kind,
       b.database AS object_name,
       'No backup of the whole database is known to Caretaker.' AS message,
       jsonb_build_object('within_seconds', b.within_seconds) AS evidence
FROM jsonb_to_record(CAST(:backups AS jsonb)) AS b (database text, expected boolean, newest jsonb, within_seconds bigint)
WHERE b.expected
  AND b.newest IS NULL
