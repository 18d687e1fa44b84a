UPDATE caretaker.growth_clock
   SET due = greatest(due, clock_timestamp() + ? * interval '1 millisecond'), lease = NULL, leased_until = NULL,
       failing = coalesce(failing, clock_timestamp()), error = ?
 WHERE target = ? AND lease = CAST(? AS uuid)
