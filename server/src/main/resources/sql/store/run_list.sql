-- Newest first. A filter that is NULL lets everything through; the last two parameters are the key of the row before.
SELECT *
  FROM caretaker.run
 WHERE target = COALESCE(CAST(? AS text), target)
   AND kind = COALESCE(CAST(? AS text), kind)
   AND state = ANY (COALESCE(CAST(? AS text[]), ARRAY[state]))
   AND created >= COALESCE(CAST(? AS timestamptz), '-infinity')
   AND (CAST(? AS timestamptz) IS NULL OR ended >= CAST(? AS timestamptz))
   AND COALESCE(outcome, '') = ANY (COALESCE(CAST(? AS text[]), ARRAY[COALESCE(outcome, '')]))
   AND (parent_run_id IS NULL OR NOT CAST(? AS boolean))
   AND (created, run_id) < (COALESCE(CAST(? AS timestamptz), 'infinity'),
                            COALESCE(CAST(? AS uuid), 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY created DESC, run_id DESC
 LIMIT ?
