SELECT *
  FROM caretaker.backup
 WHERE (? = '' OR target = ?)
   AND (? OR state = 'STORED' OR state = 'DELETED' AND NOT swept)
   AND (created, backup_id) < (?, ?)
 ORDER BY created DESC, backup_id DESC
 LIMIT ?
