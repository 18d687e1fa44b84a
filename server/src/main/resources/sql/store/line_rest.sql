-- Unless somebody wants it looked at meanwhile. Its commit need not wait for the disk: that of the release, which follows, does.
UPDATE caretaker.schedule_line
   SET due = ?
  FROM (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried
 WHERE schedule = ? AND target = ? AND due IS NOT DISTINCT FROM ?
