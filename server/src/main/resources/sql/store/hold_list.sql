-- Newest first; the last two parameters are the key of the row before.
SELECT *
  FROM caretaker.hold
 WHERE (CAST(? AS boolean) OR released IS NULL AND coalesce(until, 'infinity') > clock_timestamp())
   AND (CAST(? AS text) IS NULL OR target IS NULL OR target = ?)
   AND (since, hold_id) < (coalesce(CAST(? AS timestamptz), 'infinity'),
                           coalesce(CAST(? AS uuid), 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
 ORDER BY since DESC, hold_id DESC
 LIMIT ?
