-- Sums over the runs that run_list would list, on all of its pages. A routine has no sums of its own: its runs have them.
WITH chosen AS (
    SELECT run_id, kind, state, outcome
      FROM caretaker.run
     WHERE target = COALESCE(CAST(? AS text), target)
       AND kind = COALESCE(CAST(? AS text), kind)
       AND state = ANY (COALESCE(CAST(? AS text[]), ARRAY[state]))
       AND created >= COALESCE(CAST(? AS timestamptz), '-infinity')
       AND (CAST(? AS timestamptz) IS NULL OR ended >= CAST(? AS timestamptz))
       AND COALESCE(outcome, '') = ANY (COALESCE(CAST(? AS text[]), ARRAY[COALESCE(outcome, '')]))
       AND (parent_run_id IS NULL OR NOT CAST(? AS boolean))
), steps AS (
    SELECT CAST(s.totals ->> 'rowsDeleted' AS bigint) AS rows_deleted,
           CAST(s.totals ->> 'rowsExact' AS boolean) AS rows_exact,
           CAST(s.totals ->> 'bytesReturned' AS bigint) AS bytes_returned
      FROM chosen c
      JOIN caretaker.run_step s ON s.run_id = c.run_id
     WHERE c.kind <> 'ROUTINE'
)
SELECT r.*, d.*
  FROM (SELECT count(*) AS runs,
               count(*) FILTER (WHERE state = 'ENDED') AS ended,
               count(*) FILTER (WHERE outcome = 'FAILED') AS failed
          FROM chosen) r,
       (SELECT COALESCE(sum(rows_deleted), 0) AS rows_deleted,
               COALESCE(bool_and(rows_exact OR rows_deleted = 0), true) AS rows_exact,
               COALESCE(sum(bytes_returned), 0) AS bytes_returned
          FROM steps) d
