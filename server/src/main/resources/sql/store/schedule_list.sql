-- By name, those after a name; a target that is NULL lets all through.
SELECT s.*
  FROM caretaker.schedule s
 WHERE s.name > ?
   AND (CAST(? AS text) IS NULL
        OR EXISTS (SELECT FROM caretaker.schedule_line l WHERE l.schedule = s.name AND l.target = ?))
 ORDER BY s.name
 LIMIT ?
