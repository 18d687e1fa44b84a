UPDATE caretaker.plan SET waits_since = coalesce(waits_since, clock_timestamp()), waits_policy = ? WHERE plan_id = ?
