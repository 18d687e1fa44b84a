SELECT w.target
  FROM unnest(CAST(? AS text[])) AS w (target)
  LEFT JOIN caretaker.target_contact c USING (target)
 WHERE c.looked IS NULL OR c.looked < clock_timestamp() - ? * interval '1 millisecond'
