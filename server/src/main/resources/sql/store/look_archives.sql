SELECT target,
       CASE WHEN fault <> '' THEN 'damaged' ELSE lower(state) END AS state,
       count(*) AS number,
       sum(row_count) AS row_count,
       sum(bytes) AS bytes
FROM caretaker.archive
WHERE state IN ('OPEN', 'SEALED', 'STORED')
GROUP BY 1, 2
