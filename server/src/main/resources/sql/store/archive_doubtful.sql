-- Archives of a target that are not stored, damaged, or verified longest ago.
SELECT * FROM caretaker.archive
WHERE target = ? AND state IN ('SEALED', 'STORED')
ORDER BY state = 'STORED', fault = '', verified NULLS FIRST
LIMIT ?
