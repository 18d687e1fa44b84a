DELETE FROM caretaker.fire
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.fire WHERE last_nominal < ? AND retry_at IS NULL LIMIT 10000))
