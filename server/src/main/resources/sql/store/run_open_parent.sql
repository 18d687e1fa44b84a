SELECT parent.run_id
  FROM caretaker.run child
  JOIN caretaker.run parent ON parent.run_id = child.parent_run_id
 WHERE child.run_id = ? AND child.ended IS NOT NULL AND parent.ended IS NULL AND parent.state <> 'PAUSED'
