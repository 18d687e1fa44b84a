-- A tenth as many events as rows were asked for, half of them from 60 to 31 days ago and half from 29 days ago on; ten tables
-- reference them and follow, with an index each.
CREATE TABLE events (id bigint PRIMARY KEY, at timestamptz NOT NULL, value int);
INSERT INTO events
SELECT i, now() - INTERVAL '1 day' * (CASE WHEN place < 0.5 THEN 60 - place * 58 ELSE 58 - place * 58 END), i % 7
  FROM (SELECT i, i * 10 / current_setting('bench.rows')::double precision AS place
          FROM generate_series(1, current_setting('bench.rows')::bigint / 10) i) placed;
CREATE INDEX events_at ON events (at);
DO $$
BEGIN
    FOR child IN 1..10 LOOP
        EXECUTE format('CREATE TABLE child_%s (id bigint PRIMARY KEY, event bigint NOT NULL REFERENCES events ON DELETE CASCADE)', child);
        EXECUTE format('INSERT INTO child_%s SELECT id, id FROM events WHERE id %% 10 >= %s - 1', child, child);
        EXECUTE format('CREATE INDEX ON child_%s (event)', child);
        EXECUTE format('ALTER TABLE child_%s OWNER TO caretaker', child);
    END LOOP;
END $$;
