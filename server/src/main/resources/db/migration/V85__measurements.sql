-- Figures that detections read, also where nothing is wrong: the latest of each.
CREATE TABLE caretaker.measurement (
    target  text             NOT NULL,
    measure text             NOT NULL,
    -- policy, partition set or database that it is of
    name    text             NOT NULL,
    value   double precision NOT NULL,
    taken   timestamptz      NOT NULL,
    PRIMARY KEY (target, measure, name)
);

-- What has ended lately is asked for every few seconds.
CREATE INDEX run_ended ON caretaker.run (ended) WHERE ended IS NOT NULL;
