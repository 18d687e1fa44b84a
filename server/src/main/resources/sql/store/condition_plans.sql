-- Plans of schedules and routines that remove far more than usual: nobody has executed them, and they can be.
SELECT p.plan_id, p.expires, 'schedule' AS kind, f.schedule AS name, f.target, f.decided AS since
  FROM caretaker.plan p JOIN caretaker.fire f USING (plan_id)
 WHERE p.expires > clock_timestamp() AND p.claimed IS NULL AND f.outcome = 'REFUSED' AND f.reason = 'UNUSUAL_VOLUME'
UNION ALL
SELECT plan_id, expires, 'policy', waits_policy, target, waits_since
  FROM caretaker.plan
 WHERE expires > clock_timestamp() AND claimed IS NULL AND waits_since IS NOT NULL
