SELECT target, kind, state, count(*) AS number FROM caretaker.run WHERE ended IS NULL GROUP BY target, kind, state
