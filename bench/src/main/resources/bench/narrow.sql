-- Narrow rows in the order of time: nine tenths from 300 to 31 days ago, the others from 29 days ago on. Nothing lies near 30
-- days ago, so that contenders that run at different times remove the same rows.
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, n int);
INSERT INTO events
SELECT i,
       now() - INTERVAL '1 day' * (CASE WHEN place < 0.9 THEN 300 - place / 0.9 * 269 ELSE 29 - (place - 0.9) / 0.1 * 29 END),
       i % 7
  FROM (SELECT i, i / current_setting('bench.rows')::double precision AS place
          FROM generate_series(1, current_setting('bench.rows')::bigint) i) placed;
CREATE INDEX events_at ON events (at);
