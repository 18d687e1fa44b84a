-- Partition sets that lack partitions, as they were last looked at, or whose partitions have come to their end by now. One that was
-- changed lately is given time for its upkeep.
SELECT s.target, s.name, coalesce(m.value, 0) AS missing,
       CASE WHEN r.value IS NOT NULL THEN r.taken + r.value * interval '1 second' END AS ends,
       coalesce(r.taken + r.value * interval '1 second' <= clock_timestamp(), false) AS over,
       greatest(m.taken, r.taken) AS since
  FROM caretaker.partition_set s
  LEFT JOIN caretaker.measurement r ON r.target = s.target AND r.measure = 'set-runway' AND r.name = s.name
  LEFT JOIN caretaker.measurement m ON m.target = s.target AND m.measure = 'set-missing' AND m.name = s.name
 WHERE s.updated < clock_timestamp() - interval '1 hour'
   AND (m.value >= ? OR r.taken + r.value * interval '1 second' <= clock_timestamp())
 ORDER BY s.target, s.name
