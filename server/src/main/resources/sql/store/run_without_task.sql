-- Whether a run needs a server and no task will bring it to one; see runs_without_task.
SELECT r.run_id
  FROM caretaker.run r
 WHERE r.run_id = ?
   AND r.ended IS NULL
   AND (r.state <> 'PAUSED' OR r.desired <> 'PAUSED' OR r.deadline < ?)
   AND NOT EXISTS (SELECT FROM caretaker.scheduled_task t
                    WHERE t.task_name = ? AND t.task_instance = CAST(r.run_id AS text))
