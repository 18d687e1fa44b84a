-- CryoProtect: invalidation events keyed by UUIDs of version 7 (and a few of version 4, which never expire), sessions
-- without an end, and an audit log in milliseconds.
CREATE SCHEMA cryoprotect;
SELECT setseed(0.2026);

CREATE TABLE cryoprotect.cache_invalidation_events (
    id           uuid PRIMARY KEY,
    table_name   text NOT NULL,
    operation    text NOT NULL,
    processed_at timestamptz
);

INSERT INTO cryoprotect.cache_invalidation_events
SELECT CASE WHEN n % 1000 = 0 THEN md5('event' || n)::uuid ELSE uuidv7(age) END,
       (ARRAY ['molecules', 'mixtures', 'experiments'])[1 + n % 3],
       (ARRAY ['INSERT', 'UPDATE', 'DELETE'])[1 + n % 3],
       CASE WHEN n % 200 <> 0 THEN now() + age + interval '5 seconds' END
  FROM (SELECT n, (n - 30000) * interval '1 minute' - interval '1 minute' AS age FROM generate_series(1, 30000) n) s;

-- md5 sets no version; these are the version 4 ones.
UPDATE cryoprotect.cache_invalidation_events
   SET id = overlay(overlay(id::text PLACING '4' FROM 15) PLACING '8' FROM 20)::uuid
 WHERE uuid_extract_version(id) IS DISTINCT FROM 7;

CREATE TABLE cryoprotect.sessions (
    id         uuid PRIMARY KEY,
    user_id    bigint NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz
);

INSERT INTO cryoprotect.sessions
SELECT md5('session' || n)::uuid, n % 500, at,
       -- Service accounts never expire: some have no end, some an infinite one.
       CASE WHEN n % 400 = 0 THEN NULL WHEN n % 300 = 0 THEN 'infinity' ELSE at + interval '1 day' END
  FROM (SELECT n, now() - (20000 - n) * interval '3 minutes' AS at FROM generate_series(1, 20000) n) s;

CREATE INDEX sessions_expires_at ON cryoprotect.sessions (expires_at);

CREATE TABLE cryoprotect.audit_logs (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id       bigint,
    action        text NOT NULL,
    details       jsonb,
    logged_at_ms  bigint NOT NULL
);

INSERT INTO cryoprotect.audit_logs (user_id, action, details, logged_at_ms)
SELECT n % 500, (ARRAY ['login', 'view', 'edit', 'export'])[1 + n % 4],
       jsonb_build_object('ip', '10.0.0.' || n % 250),
       (extract(epoch FROM now() - (30000 - n) * interval '6 minutes') * 1000)::bigint
  FROM generate_series(1, 30000) n;
