UPDATE caretaker.schedule_line
   SET run_id = NULL, failures = ?, pause = coalesce(CAST(? AS jsonb), pause), succeeded = coalesce(?, succeeded)
 WHERE schedule = ? AND target = ? AND run_id = ?
