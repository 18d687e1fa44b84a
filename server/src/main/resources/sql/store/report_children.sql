-- Runs that a run started, the first of them.
WITH chosen AS (
    SELECT r.* FROM caretaker.run r WHERE r.parent_run_id = ? ORDER BY r.created, r.run_id LIMIT ?)
SELECT r.run_id, r.kind, r.state, r.outcome, r.created, r.started, r.ended, r.created_by ->> 'name' AS actor,
       coalesce(r.error ->> 'message', CASE WHEN r.outcome = 'COMPLETE' THEN '' ELSE r.state_reason END) AS message,
       s.subjects, s.steps, s.rows_deleted, s.bytes_returned
FROM chosen r
CROSS JOIN LATERAL (
    SELECT coalesce((array_agg(DISTINCT t.subject) FILTER (WHERE t.subject IS NOT NULL))[1:5], '{}') AS subjects, count(*) AS steps,
           coalesce(sum(t.rows_deleted), 0) AS rows_deleted, coalesce(sum(t.bytes_returned), 0) AS bytes_returned
    FROM (SELECT coalesce(s.parameters -> 'routine' ->> 'name', nullif(s.policy, ''), s.parameters ->> 'set',
                          -- a cleanup is named by its policies, not by the tables that are vacuumed after it, and a backup by nothing
                          CASE WHEN r.kind <> 'CLEANUP' AND s.total_table <> '*'
                               THEN concat_ws('.', nullif(s.total_schema, ''), s.total_table) END) AS subject,
                 CAST(s.totals ->> 'rowsDeleted' AS bigint) AS rows_deleted,
                 CAST(s.totals ->> 'bytesReturned' AS bigint) AS bytes_returned
          FROM caretaker.run_step s
          WHERE s.run_id = r.run_id) AS t) AS s
ORDER BY r.created, r.run_id
