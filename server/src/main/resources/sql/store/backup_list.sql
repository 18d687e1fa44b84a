SELECT *
  FROM caretaker.backup
 WHERE (? = '' OR target = ?)
   AND (? OR state = 'STORED')
   AND (created, backup_id) < (?, ?)
 ORDER BY created DESC, backup_id DESC
 LIMIT ?
