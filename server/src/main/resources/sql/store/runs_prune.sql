-- Children go with or before their parents: a parent that still has one is left for the next time.
DELETE FROM caretaker.run r
 WHERE r.ended < ?
   AND NOT EXISTS (SELECT FROM caretaker.run child WHERE child.parent_run_id = r.run_id)
