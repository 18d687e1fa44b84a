UPDATE caretaker.growth_clock
   SET routine_seen = ?, lease = NULL, leased_until = NULL, failing = NULL, error = ''
 WHERE target = ? AND lease = CAST(? AS uuid)
