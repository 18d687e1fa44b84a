-- Its expectation is broken; nobody else has told so within some time.
UPDATE caretaker.schedule_line
   SET overdue = coalesce(overdue, clock_timestamp()), overdue_told = clock_timestamp()
 WHERE schedule = ? AND target = ? AND succeeded IS NOT DISTINCT FROM ?
   AND (overdue_told IS NULL OR overdue_told < clock_timestamp() - ? * interval '1 millisecond')
