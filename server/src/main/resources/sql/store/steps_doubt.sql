-- After a failover: what ended steps counted on another timeline may be gone there.
UPDATE caretaker.run_step
   SET totals = jsonb_set(totals, '{rowsExact}', 'false')
 WHERE run_id = ? AND epoch = ? AND outcome IS NOT NULL AND lineage <> ?
   AND (totals ->> 'rowsDeleted')::bigint > 0 AND (totals ->> 'rowsExact')::boolean
RETURNING ordinal
