-- The oldest sample that is not older than the given instant.
SELECT tables::text AS tables FROM caretaker.table_sample WHERE target = ? AND taken >= ? ORDER BY taken LIMIT 1
