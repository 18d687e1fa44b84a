-- Archives on whose being readable nobody can count: not at their destination yet, found damaged, or verified too long ago.
SELECT target, sum(bytes) AS bytes
  FROM caretaker.archive
 WHERE state = 'SEALED'
    OR state = 'STORED' AND (fault <> '' OR verified IS NULL OR verified < clock_timestamp() - ? * interval '1 millisecond')
 GROUP BY target
