-- It has been looked at. When to look again is set unless somebody wants it looked at meanwhile.
UPDATE caretaker.schedule_line
   SET due = CASE WHEN due IS NOT DISTINCT FROM CAST(? AS timestamptz) THEN CAST(? AS timestamptz) ELSE due END,
       nominal = ?, zone_rules = ?, zone_offset = ?, zone_at = ?, claimed_by = NULL
 WHERE schedule = ? AND target = ? AND claimed_by = ?
