-- Debts of a target, of a run, or all, oldest first; settled ones only if asked for.
SELECT *
  FROM caretaker.debt
 WHERE target = coalesce(CAST(? AS text), target)
   AND run_id = coalesce(CAST(? AS uuid), run_id)
   AND (CAST(? AS boolean) OR settled IS NULL)
 ORDER BY incurred, debt_id
 LIMIT ?
