SELECT failing, error FROM caretaker.growth_clock WHERE target = ? AND failing IS NOT NULL
