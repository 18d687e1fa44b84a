SELECT GREATEST(count(*), 1) AS servers FROM caretaker.server WHERE seen > now() - interval '20 seconds'
