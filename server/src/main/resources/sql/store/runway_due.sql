-- Targets with partition sets that nobody has looked at for so long, or since upkeep ended or a set was changed.
SELECT w.target, l.looked
  FROM unnest(CAST(? AS text[])) AS w (target)
  LEFT JOIN caretaker.runway_look l USING (target)
 WHERE EXISTS (SELECT FROM caretaker.partition_set s
                WHERE s.target = w.target
                  AND (l.looked IS NULL
                       OR l.looked < clock_timestamp() - ? * interval '1 millisecond'
                       OR s.updated > l.looked
                       OR EXISTS (SELECT FROM caretaker.run r
                                   WHERE r.target = w.target AND r.kind = 'UPKEEP' AND r.ended > l.looked)))
