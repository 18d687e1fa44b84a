-- It has been looked at. When to look again, and by what, is set unless somebody wants it looked at meanwhile: at other times, perhaps.
UPDATE caretaker.schedule_line l
   SET due = CASE WHEN l.due IS NOT DISTINCT FROM look.seen THEN look.due ELSE l.due END,
       nominal = CASE WHEN l.due IS NOT DISTINCT FROM look.seen THEN look.nominal ELSE l.nominal END,
       zone_rules = CASE WHEN l.due IS NOT DISTINCT FROM look.seen THEN look.zone_rules ELSE l.zone_rules END,
       zone_offset = CASE WHEN l.due IS NOT DISTINCT FROM look.seen THEN look.zone_offset ELSE l.zone_offset END,
       zone_at = CASE WHEN l.due IS NOT DISTINCT FROM look.seen THEN look.zone_at ELSE l.zone_at END,
       claimed_by = NULL
  FROM (SELECT CAST(? AS timestamptz) AS seen, CAST(? AS timestamptz) AS due, CAST(? AS timestamptz) AS nominal,
               CAST(? AS text) AS zone_rules, CAST(? AS int) AS zone_offset, CAST(? AS timestamptz) AS zone_at) AS look
 WHERE l.schedule = ? AND l.target = ? AND l.claimed_by = ?
