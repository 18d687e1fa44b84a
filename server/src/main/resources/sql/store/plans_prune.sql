-- Plans that expired long ago, unless a run that is still kept executed them.
DELETE FROM caretaker.plan p
 WHERE p.expires < ?
   AND NOT EXISTS (SELECT FROM caretaker.run r WHERE r.plan_id = p.plan_id)
