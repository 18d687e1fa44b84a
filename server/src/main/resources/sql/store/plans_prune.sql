-- Plans that expired long ago and were never executed.
DELETE FROM caretaker.plan WHERE expires < ? AND claimed IS NULL
