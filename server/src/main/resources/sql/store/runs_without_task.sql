-- Runs that need a server and that no task will bring to one: a server died between accepting and scheduling, or a
-- paused run outlived its deadline. What of one run is asked is in run_without_task.
SELECT r.run_id
  FROM caretaker.run r
 WHERE r.ended IS NULL
   AND (r.state <> 'PAUSED' OR r.desired <> 'PAUSED' OR r.deadline < ?)
   AND NOT EXISTS (SELECT FROM caretaker.scheduled_task t
                    WHERE t.task_name = ? AND t.task_instance = CAST(r.run_id AS text))
