-- A week of nights before the first one, made up, for schedules that are due once a day. In the last of them no server was there for
-- an hour: what was due then was missed, or was caught up where that is allowed.
INSERT INTO caretaker.fire (schedule, target, nominal, outcome, reason, message, times, last_nominal, decided, attempts,
                            earlier_runs, run_outcome)
SELECT l.schedule, l.target, f.nominal, o.outcome, '', o.why || 'Made up by the demo.', 1, f.nominal,
       CASE o.outcome WHEN 'STARTED' THEN f.nominal + interval '1 second'
                      ELSE least(f.nominal + interval '50 minutes', now()) END,
       1, '{}', CASE WHEN o.outcome <> 'MISSED' THEN 'COMPLETE' END
  FROM caretaker.schedule_line l
 CROSS JOIN generate_series(1, 7) ago
 CROSS JOIN LATERAL (SELECT date_trunc('hour', l.due) - ago * interval '1 day' AS nominal) f
 CROSS JOIN LATERAL (
    SELECT CASE WHEN ago > 1 THEN 'STARTED'
                WHEN l.schedule = 'orchestry-two-in-the-morning' THEN 'MISSED'
                WHEN l.schedule = 'meshhook-partitions' THEN 'CAUGHT_UP'
                ELSE 'STARTED' END AS outcome) w
 CROSS JOIN LATERAL (
    SELECT w.outcome,
           CASE w.outcome
               WHEN 'MISSED' THEN 'No server was there at the time. It was 50 min late when one came, too late to catch up. '
               WHEN 'CAUGHT_UP' THEN 'No server was there at the time; it was caught up 50 min later. '
               ELSE '' END AS why) o
 WHERE l.schedule IN ('milvaion-retention', 'orchestry-two-in-the-morning', 'meshhook-partitions', 'runbook-workflows',
                      'runbook-copy')
   AND l.due IS NOT NULL
ON CONFLICT DO NOTHING
