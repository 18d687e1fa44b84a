SELECT channel, count(*) FILTER (WHERE state = 'PENDING') AS pending, count(*) FILTER (WHERE state = 'DEAD') AS dead
  FROM caretaker.delivery
 WHERE state IN ('PENDING', 'DEAD')
 GROUP BY channel
