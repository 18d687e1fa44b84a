SELECT *
FROM caretaker.archive
WHERE target = COALESCE(CAST(? AS text), target)
  AND schema_name = COALESCE(CAST(? AS text), schema_name)
  AND table_name = COALESCE(CAST(? AS text), table_name)
  AND policy = COALESCE(CAST(? AS text), policy)
  AND run_id = COALESCE(CAST(? AS uuid), run_id)
  AND (CAST(? AS boolean) OR state NOT IN ('EMPTY', 'DELETED'))
  AND (created, archive_id) < (COALESCE(CAST(? AS timestamptz), 'infinity'),
                               COALESCE(CAST(? AS uuid), 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
ORDER BY created DESC, archive_id DESC
LIMIT ?
