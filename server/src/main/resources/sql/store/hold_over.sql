-- Released or past its end, but not yet wound up.
SELECT *
  FROM caretaker.hold
 WHERE ended IS NULL AND (released IS NOT NULL OR until <= clock_timestamp())
 ORDER BY since
