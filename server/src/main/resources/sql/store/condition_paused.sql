-- Runs that somebody has paused for long, but for those that a hold has: that was told.
SELECT r.run_id, r.kind, r.target, r.state_since AS since, coalesce(r.request -> 'actor' ->> 'name', '') AS actor, s.schedule
  FROM caretaker.run r
  LEFT JOIN caretaker.schedule_line s ON s.run_id = r.run_id
 WHERE r.ended IS NULL AND r.state = 'PAUSED' AND r.state_since < clock_timestamp() - ? * interval '1 millisecond'
   AND NOT EXISTS (SELECT FROM caretaker.hold h WHERE h.ended IS NULL AND r.run_id = ANY (h.paused_runs))
   AND NOT EXISTS (SELECT FROM caretaker.run p WHERE p.run_id = r.parent_run_id AND p.state = 'PAUSED')
