-- Of policies and partition sets that there are.
SELECT m.target, m.measure, m.name, m.value, m.taken
FROM caretaker.measurement m
WHERE CASE m.measure
          WHEN 'policy-overdue' THEN EXISTS (
              SELECT FROM caretaker.policy p WHERE p.target = m.target AND p.name = m.name)
          WHEN 'xid-age' THEN true
          WHEN 'mxid-age' THEN true
          WHEN 'pending-detaches' THEN true
          ELSE EXISTS (SELECT FROM caretaker.partition_set s WHERE s.target = m.target AND s.name = m.name) END
ORDER BY m.target, m.measure, m.name
