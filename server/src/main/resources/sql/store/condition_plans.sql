-- Plans of schedules that remove far more than usual: nobody has executed them, and they can be.
SELECT p.plan_id, p.expires, f.schedule, f.target, f.decided AS since
  FROM caretaker.plan p JOIN caretaker.fire f USING (plan_id)
 WHERE p.expires > clock_timestamp() AND p.claimed IS NULL AND f.outcome = 'REFUSED' AND f.reason = 'UNUSUAL_VOLUME'
