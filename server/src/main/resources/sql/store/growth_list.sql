SELECT target, cause, taken, content
  FROM caretaker.growth_sample
 WHERE target = ? AND taken >= ?
 ORDER BY taken
