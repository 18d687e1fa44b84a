UPDATE caretaker.archive
SET state = 'DELETED', deleted = ?, deleted_by = ?, fault = '', problem = ''
WHERE archive_id = ? AND state = 'STORED'
