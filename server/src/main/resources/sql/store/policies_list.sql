-- By name. A target that is NULL means all of them; the second parameter is the last name of the page before.
SELECT *
  FROM caretaker.policy
 WHERE target = COALESCE(CAST(? AS text), target)
   AND name > ?
 ORDER BY name
 LIMIT ?
