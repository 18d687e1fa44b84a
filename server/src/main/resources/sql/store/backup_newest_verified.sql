SELECT *
  FROM caretaker.backup
 WHERE target = ? AND state = 'STORED' AND verified IS NOT NULL AND evidence ->> 'verdict' IS DISTINCT FROM 'DAMAGED'
 ORDER BY snapshot DESC, backup_id DESC
 LIMIT 1
