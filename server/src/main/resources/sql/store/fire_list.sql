-- Newest first. A filter that is NULL lets everything through; the last three parameters are the key of the row before. Why a
-- run failed is told as soon as that it did, before its end is noted.
SELECT f.schedule, f.target, f.nominal, f.outcome,
       CASE WHEN n.failed THEN coalesce(r.error ->> 'reason', '') ELSE f.reason END AS reason,
       CASE WHEN n.failed THEN format('Run %s failed: %s', f.run_id, coalesce(r.error ->> 'message', r.state_reason))
            ELSE f.message END AS message,
       f.times, f.last_nominal, f.decided, f.retry_at, f.attempts, f.run_id, f.earlier_runs, f.plan_id,
       coalesce(f.run_outcome, r.outcome) AS run_outcome, f.trigger
  FROM caretaker.fire f
  LEFT JOIN caretaker.run r ON r.run_id = f.run_id
 CROSS JOIN LATERAL (SELECT f.run_outcome IS NULL AND r.outcome = 'FAILED' AS failed) n
 WHERE f.schedule = coalesce(CAST(? AS text), f.schedule)
   AND f.target = coalesce(CAST(? AS text), f.target)
   AND f.outcome = ANY (coalesce(CAST(? AS text[]), ARRAY[f.outcome]))
   AND f.last_nominal >= coalesce(CAST(? AS timestamptz), '-infinity')
   AND f.nominal < coalesce(CAST(? AS timestamptz), 'infinity')
   AND (f.nominal, f.schedule, f.target)
       < (coalesce(CAST(? AS timestamptz), 'infinity'), coalesce(CAST(? AS text), ''), coalesce(CAST(? AS text), ''))
 ORDER BY f.nominal DESC, f.schedule DESC, f.target DESC
 LIMIT ?
