-- It has been looked at by a server that cannot reckon when it is due.
UPDATE caretaker.schedule_line
   SET due = CASE WHEN due IS NOT DISTINCT FROM CAST(? AS timestamptz) THEN CAST(? AS timestamptz) ELSE due END,
       claimed_by = NULL
 WHERE schedule = ? AND target = ? AND claimed_by = ?
