-- Of one nominal time there is one row; it is written again only while it is open, by whoever saw its latest attempt.
INSERT INTO caretaker.fire AS f (schedule, target, nominal, outcome, reason, message, times, last_nominal, decided,
                                 retry_at, attempts, run_id, earlier_runs, plan_id, run_outcome, trigger)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS uuid[]), ?, ?, ?)
ON CONFLICT (schedule, target, nominal) DO UPDATE
SET outcome = excluded.outcome, reason = excluded.reason, message = excluded.message, decided = excluded.decided,
    retry_at = excluded.retry_at, attempts = excluded.attempts, run_id = excluded.run_id,
    earlier_runs = excluded.earlier_runs, plan_id = excluded.plan_id, run_outcome = excluded.run_outcome
WHERE f.retry_at IS NOT NULL AND f.attempts = ?
