-- Narrow rows in the order of time over 300 days, of which the last 30 are to stay.
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, n int);
INSERT INTO events
SELECT i, now() - INTERVAL '300 days' + i * (INTERVAL '300 days' / current_setting('bench.rows')::double precision), i % 7
  FROM generate_series(1, current_setting('bench.rows')::bigint) i;
CREATE INDEX events_at ON events (at);
