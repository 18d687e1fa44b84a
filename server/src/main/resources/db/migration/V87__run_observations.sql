-- What was seen of a run's tables before it began, when it had ended, and a day later.
CREATE TABLE caretaker.run_observation (
    run_id       uuid        PRIMARY KEY REFERENCES caretaker.run ON DELETE CASCADE,
    target       text        NOT NULL,
    content      jsonb       NOT NULL,
    -- when statements are looked at once more; NULL: not
    due          timestamptz,
    leased_until timestamptz
);

CREATE INDEX run_observation_due ON caretaker.run_observation (due) WHERE due IS NOT NULL;

-- A task that earlier servers had: everything is forgotten by one clock.
DELETE FROM caretaker.scheduled_task WHERE task_name = 'prune-runs';
