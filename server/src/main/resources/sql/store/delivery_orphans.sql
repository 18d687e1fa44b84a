-- Whoever knows a channel attempts what is due within seconds; what nobody has attempted for that long has no channel any more.
UPDATE caretaker.delivery
   SET state = 'DEAD', error = 'the configuration has no channel of this name any more', changed = clock_timestamp()
 WHERE state = 'PENDING' AND channel <> ALL (?) AND due < clock_timestamp() - ? * interval '1 millisecond'
   AND (leased_until IS NULL OR leased_until < clock_timestamp() - ? * interval '1 millisecond')
