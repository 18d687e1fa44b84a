SELECT target, state, count(*) AS number FROM caretaker.run WHERE ended IS NULL GROUP BY target, state
