-- Of channels that are no longer configured; whatever waits for one is given up as it is for others.
DELETE FROM caretaker.channel_stop
 WHERE channel <> ALL (?) AND stopped < clock_timestamp() - ? * interval '1 millisecond'
