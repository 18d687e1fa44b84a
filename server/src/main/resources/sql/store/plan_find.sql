SELECT p.content, p.claimed IS NOT NULL AS claimed, r.run_id
  FROM caretaker.plan p
  LEFT JOIN caretaker.run r ON r.plan_id = p.plan_id
 WHERE p.plan_id = ?
