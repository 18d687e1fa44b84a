-- What was sampled before the demo cleaned up is not how it stands now.
WITH gone AS (DELETE FROM caretaker.growth_sample)
UPDATE caretaker.growth_clock SET due = now()
