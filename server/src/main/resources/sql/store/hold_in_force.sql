SELECT *
  FROM caretaker.hold
 WHERE ended IS NULL AND released IS NULL AND coalesce(until, 'infinity') > clock_timestamp()
 ORDER BY since
