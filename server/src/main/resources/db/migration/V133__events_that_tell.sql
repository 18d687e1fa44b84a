-- What happened beside progress: reports read all of it, of runs that have told of progress very often.
CREATE INDEX run_event_told ON caretaker.run_event (run_id, sequence) WHERE NOT progress;
