-- Of policies and partition sets that there are.
SELECT m.target, m.measure, m.name, m.value, m.taken
FROM caretaker.measurement m
WHERE CASE
          WHEN m.measure IN ('policy-overdue', 'policy-eligible', 'policy-rows') THEN EXISTS (
              SELECT FROM caretaker.policy p WHERE p.target = m.target AND p.name = split_part(m.name, '/', 1))
          WHEN m.measure IN ('set-runway', 'set-default-rows', 'set-missing') THEN EXISTS (
              SELECT FROM caretaker.partition_set s WHERE s.target = m.target AND s.name = m.name)
          ELSE true END
ORDER BY m.target, m.measure, m.name
