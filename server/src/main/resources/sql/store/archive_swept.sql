-- Nothing is left of a deleted or empty one for now.
UPDATE caretaker.archive SET checked = ? WHERE archive_id = ? AND state IN ('DELETED', 'EMPTY')
