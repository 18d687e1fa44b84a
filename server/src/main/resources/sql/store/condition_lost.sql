-- One that nobody has looked at for a day is no longer looked after.
SELECT target, lost AS since, reason
  FROM caretaker.target_contact
 WHERE lost < clock_timestamp() - ? * interval '1 millisecond' AND looked > clock_timestamp() - interval '1 day'
