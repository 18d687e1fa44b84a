-- Runs that go on and that a hold of these targets and kinds pauses, once they have no step any more of the kinds that go on; and
-- those that were started by a run which the hold, the last parameter, has paused: a server may have died before it came to them, or
-- they may have been started in that moment.
SELECT r.run_id
  FROM caretaker.run r
 WHERE r.ended IS NULL AND r.desired = 'RUNNING'
   AND (r.target = coalesce(CAST(? AS text), r.target)
        AND r.kind = ANY (CAST(? AS text[]))
        AND NOT EXISTS (
            SELECT FROM caretaker.run_step s
             WHERE s.run_id = r.run_id AND s.outcome IS NULL AND s.kind = ANY (CAST(? AS text[])))
        OR EXISTS (
            SELECT
              FROM caretaker.hold h
              JOIN caretaker.run p ON p.run_id = ANY (h.paused_runs)
             WHERE h.hold_id = ? AND p.run_id = r.parent_run_id
               AND p.desired = 'PAUSED' AND p.request ->> 'frozen' = 'true'))
 ORDER BY r.created, r.run_id
