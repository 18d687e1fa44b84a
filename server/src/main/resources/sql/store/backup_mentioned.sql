-- Targets of which any backup is known, or was looked for.
SELECT target FROM caretaker.backup WHERE state = 'STORED'
UNION
SELECT target FROM caretaker.external_backup
UNION
SELECT target FROM caretaker.backup_look
