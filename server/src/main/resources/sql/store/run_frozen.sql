-- Whether a hold has paused a run, or one that it started.
SELECT EXISTS (SELECT FROM caretaker.run
                WHERE (run_id = ? OR parent_run_id = ?) AND ended IS NULL
                  AND desired = 'PAUSED' AND request ->> 'frozen' = 'true')
