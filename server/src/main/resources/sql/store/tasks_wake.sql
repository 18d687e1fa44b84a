-- The clock says less than it did. The parameters are all what it says now.
UPDATE caretaker.scheduled_task
   SET execution_time = CASE WHEN picked THEN execution_time ELSE CAST(? AS timestamptz) END,
       last_heartbeat = CASE WHEN picked THEN least(last_heartbeat, CAST(? AS timestamptz)) END
 WHERE NOT picked AND execution_time > ? OR picked AND last_heartbeat > ?
