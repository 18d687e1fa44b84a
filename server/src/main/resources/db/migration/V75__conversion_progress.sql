-- How far a conversion is, for whoever looks at it.

ALTER TABLE caretaker.conversion
    -- whether all is prepared and only the cut-over is missing
    ADD COLUMN ready   boolean NOT NULL DEFAULT false,
    -- when its latest run was claimed, which is a moment before the run is stored
    ADD COLUMN claimed timestamptz;
