-- Conversions whose cut-over waits until a person asks for it.
SELECT c.conversion_id, c.target, c.schema_name, c.table_name, clock_timestamp() AS since
  FROM caretaker.conversion c JOIN caretaker.run r USING (run_id)
 WHERE c.state = 'STARTED' AND c.ready AND NOT c.requested AND r.ended IS NULL
   AND (c.content -> 'planned' -> 'order' -> 'when' ->> 'onRequest')::boolean
