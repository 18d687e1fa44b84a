-- Daily partitions of workflow_events with one row each; the last one is that of the day after tomorrow.
-- Setting bench.partitions: how many.
DO $$
DECLARE
    wanted CONSTANT int := current_setting('bench.partitions');
    first CONSTANT date := current_date + 3 - wanted;
    place int := 0;
BEGIN
    WHILE place < wanted LOOP
        EXECUTE format(
            'CREATE TABLE %I PARTITION OF workflow_events FOR VALUES FROM (%L) TO (%L)',
            to_char(first + place, '"workflow_events_"YYYYMMDD'),
            first + place,
            first + place + 1);
        EXECUTE format(
            'INSERT INTO %I VALUES (%s, 1, %L, NULL)',
            to_char(first + place, '"workflow_events_"YYYYMMDD'),
            place,
            first + place);
        place := place + 1;
        -- Locks of a transaction are limited.
        IF place % 200 = 0 THEN
            COMMIT;
        END IF;
    END LOOP;
END
$$;
