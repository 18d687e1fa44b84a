-- MeshHook, an event log partitioned by month: 24 past months, the current one, 3 future ones.
CREATE SCHEMA meshhook;
SELECT setseed(0.2026);

CREATE TABLE meshhook.workflow_events (
    id      bigint GENERATED ALWAYS AS IDENTITY,
    run_id  uuid NOT NULL,
    ts      timestamptz NOT NULL,
    type    text NOT NULL,
    payload jsonb,
    PRIMARY KEY (id, ts)
) PARTITION BY RANGE (ts);

CREATE INDEX workflow_events_run_id ON meshhook.workflow_events (run_id);
CREATE INDEX workflow_events_run_id_ts ON meshhook.workflow_events (run_id, ts);
CREATE INDEX workflow_events_type ON meshhook.workflow_events (type);

DO $$
DECLARE
    -- Months of UTC, whatever zone the session is in.
    first timestamp := date_trunc('month', now() AT TIME ZONE 'UTC');
    month timestamp;
BEGIN
    FOR n IN -24 .. 3 LOOP
        month := first + n * interval '1 month';
        EXECUTE format(
            'CREATE TABLE meshhook.%I PARTITION OF meshhook.workflow_events FOR VALUES FROM (%L) TO (%L)',
            'workflow_events_' || to_char(month, '"y"YYYY"m"MM'),
            month AT TIME ZONE 'UTC',
            (month + interval '1 month') AT TIME ZONE 'UTC');
    END LOOP;
END
$$;

INSERT INTO meshhook.workflow_events (run_id, ts, type, payload)
SELECT md5('run' || n / 5)::uuid,
       started + n * ((now() - started) / 120000),
       (ARRAY ['run.started', 'step.started', 'step.completed', 'webhook.sent', 'run.completed'])[1 + n % 5],
       jsonb_build_object('attempt', 1 + n % 3, 'detail', repeat('x', 40 + (random() * 120)::int))
  FROM generate_series(1, 119999) n,
       (SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') - interval '24 months') AT TIME ZONE 'UTC' AS started) s;

-- Deliveries by day. Nobody made partitions for the last nine days: their rows are in the default one, with one of epoch 0.
CREATE TABLE meshhook.deliveries (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    delivered_at timestamptz NOT NULL,
    url          text NOT NULL,
    status       integer NOT NULL,
    PRIMARY KEY (id, delivered_at)
) PARTITION BY RANGE (delivered_at);

CREATE INDEX deliveries_delivered_at ON meshhook.deliveries (delivered_at);

DO $$
DECLARE
    today timestamp := date_trunc('day', now() AT TIME ZONE 'UTC');
    day   timestamp;
BEGIN
    FOR n IN -20 .. -10 LOOP
        day := today + n * interval '1 day';
        EXECUTE format(
            'CREATE TABLE meshhook.%I PARTITION OF meshhook.deliveries FOR VALUES FROM (%L) TO (%L)',
            'deliveries_' || to_char(day, 'YYYY_MM_DD'),
            day AT TIME ZONE 'UTC',
            (day + interval '1 day') AT TIME ZONE 'UTC');
    END LOOP;
END
$$;

CREATE TABLE meshhook.deliveries_default PARTITION OF meshhook.deliveries DEFAULT;

INSERT INTO meshhook.deliveries (delivered_at, url, status)
SELECT now() - n * interval '1 minute' - interval '1 second', 'https://example.org/hook/' || n % 20, CASE WHEN n % 50 = 0 THEN 500 ELSE 200 END
  FROM generate_series(0, 28000) n
UNION ALL
SELECT 'epoch', 'https://example.org/hook/0', 200;
