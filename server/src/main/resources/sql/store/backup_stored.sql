UPDATE caretaker.backup
   SET state = 'STORED', manifest_sha256 = ?, table_count = ?, row_count = ?, bytes = ?, server_version = ?,
       system_identifier = ?, database_oid = ?, snapshot = ?, stored = ?
 WHERE backup_id = ? AND state = 'OPEN'
