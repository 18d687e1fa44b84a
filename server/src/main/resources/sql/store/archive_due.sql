-- Stored ones that nobody has looked at for a while, and those deleted lately, of which something may be left.
SELECT * FROM caretaker.archive
WHERE state = 'STORED' AND checked < ? OR state = 'DELETED' AND deleted > ?
ORDER BY checked
LIMIT ?
