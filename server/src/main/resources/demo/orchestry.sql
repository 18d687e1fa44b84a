-- Orchestry, a container orchestrator: times without a zone (UTC), a column named "timestamp", a level that its own
-- clean-up forgets ('system').
CREATE SCHEMA orchestry;
SELECT setseed(0.2026);

CREATE TABLE orchestry.applications (
    id         bigint PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    status     text NOT NULL,
    created_at timestamp NOT NULL
);

INSERT INTO orchestry.applications
SELECT n, 'app-' || n, 'running', (now() AT TIME ZONE 'UTC') - interval '1 year'
  FROM generate_series(1, 20) n;

CREATE TABLE orchestry.scaling_policies (
    app_id        bigint PRIMARY KEY REFERENCES orchestry.applications,
    min_instances integer NOT NULL,
    max_instances integer NOT NULL,
    target_cpu    real NOT NULL
);

INSERT INTO orchestry.scaling_policies SELECT id, 1, 10, 0.7 FROM orchestry.applications;

CREATE TABLE orchestry.instances (
    id         bigint PRIMARY KEY,
    app_id     bigint NOT NULL REFERENCES orchestry.applications,
    status     text NOT NULL,
    created_at timestamp NOT NULL,
    updated_at timestamp NOT NULL
);

INSERT INTO orchestry.instances
SELECT n, 1 + n % 20, CASE WHEN n > 1900 OR n % 50 = 0 THEN 'running' ELSE 'stopped' END, at, at + interval '20 minutes'
  FROM (SELECT n, (now() AT TIME ZONE 'UTC') - (2000 - n) * interval '30 minutes' - interval '21 minutes' AS at
          FROM generate_series(1, 2000) n) s;

CREATE INDEX instances_app_id ON orchestry.instances (app_id);
CREATE INDEX instances_status ON orchestry.instances (status, updated_at);

CREATE TABLE orchestry.health_checks (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    instance_id bigint NOT NULL REFERENCES orchestry.instances ON DELETE CASCADE,
    status      text NOT NULL,
    "timestamp" timestamp NOT NULL
);

INSERT INTO orchestry.health_checks (instance_id, status, "timestamp")
SELECT i.id, CASE WHEN n = 5 AND i.status = 'stopped' THEN 'unhealthy' ELSE 'healthy' END,
       i.created_at + n * interval '3 minutes'
  FROM orchestry.instances i, generate_series(1, 5) n;

CREATE INDEX health_checks_instance_id ON orchestry.health_checks (instance_id);

CREATE TABLE orchestry.events (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    app_id      bigint NOT NULL,
    type        text NOT NULL,
    severity    text NOT NULL,
    message     text,
    "timestamp" timestamp NOT NULL
);

INSERT INTO orchestry.events (app_id, type, severity, message, "timestamp")
SELECT 1 + n % 20,
       (ARRAY ['scale_up', 'scale_down', 'deploy', 'restart'])[1 + n % 4],
       (ARRAY ['info', 'info', 'info', 'warning', 'error'])[1 + n % 5],
       'instance changed: ' || md5(n::text),
       (now() AT TIME ZONE 'UTC') - (40000 - n) * interval '3 minutes'
  FROM generate_series(1, 40000) n;

CREATE INDEX events_app_timestamp ON orchestry.events (app_id, "timestamp" DESC);
CREATE INDEX events_timestamp ON orchestry.events ("timestamp");

CREATE TABLE orchestry.metrics (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    app_id            bigint NOT NULL,
    aggregation_level text NOT NULL CHECK (aggregation_level IN ('instance', 'app', 'system')),
    cpu_percent       real,
    memory_percent    real,
    "timestamp"       timestamp NOT NULL
);

INSERT INTO orchestry.metrics (app_id, aggregation_level, cpu_percent, memory_percent, "timestamp")
SELECT 1 + n % 20,
       CASE WHEN n % 20 = 0 THEN 'system' WHEN n % 4 = 0 THEN 'app' ELSE 'instance' END,
       random() * 100, random() * 100,
       (now() AT TIME ZONE 'UTC') - (100000 - n) * interval '1 minute'
  FROM generate_series(1, 100000) n;

CREATE INDEX metrics_level_timestamp ON orchestry.metrics (aggregation_level, "timestamp");
