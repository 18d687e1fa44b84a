SELECT channel, rule, group_key, count(*) AS events
  FROM caretaker.gathered
 WHERE message_id IS NULL AND NOT digest
 GROUP BY channel, rule, group_key
HAVING min(due) <= clock_timestamp()
 ORDER BY channel, rule, group_key
