ALTER TABLE caretaker.schedule_line
    -- nominal time that is due next, for servers that do not know the time zone; NULL: not known
    ADD COLUMN nominal     timestamptz,
    -- version of the rules of time zones by which that was reckoned
    ADD COLUMN zone_rules  text,
    -- by those, seconds by which local time was ahead of UTC at an instant; NULL where local time means nothing
    ADD COLUMN zone_offset int,
    ADD COLUMN zone_at     timestamptz;
