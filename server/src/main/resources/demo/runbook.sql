-- The LLM orchestrator of the runbook: workflows whose steps go with them, and the audit trail, which stays.
CREATE SCHEMA runbook;
SELECT setseed(0.2026);

CREATE TABLE runbook.workflows (
    id         uuid PRIMARY KEY,
    name       text NOT NULL,
    status     text NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed')),
    context    jsonb,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

INSERT INTO runbook.workflows
SELECT md5('workflow' || n)::uuid,
       'workflow ' || n,
       CASE WHEN n % 40 = 0 THEN 'running' WHEN n % 55 = 0 THEN 'pending' WHEN n % 9 = 0 THEN 'failed' ELSE 'completed' END,
       jsonb_build_object('prompt', repeat('tell me more ', 5 + n % 20)),
       at, at + random() * interval '1 hour'
  FROM (SELECT n, now() - (15000 - n) * interval '10 minutes' - interval '1 hour' AS at
          FROM generate_series(1, 15000) n) s;

CREATE INDEX workflows_status_updated_at ON runbook.workflows (status, updated_at);

CREATE TABLE runbook.workflow_steps (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workflow_id uuid NOT NULL REFERENCES runbook.workflows ON DELETE CASCADE,
    ordinal     integer NOT NULL,
    output      text
);

INSERT INTO runbook.workflow_steps (workflow_id, ordinal, output)
SELECT w.id, ordinal, repeat('token ', 10)
  FROM runbook.workflows w, generate_series(1, 3) ordinal;

CREATE INDEX workflow_steps_workflow_id ON runbook.workflow_steps (workflow_id);

CREATE TABLE runbook.audit_events (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workflow_id uuid,
    actor       text NOT NULL,
    event_type  text NOT NULL,
    created_at  timestamptz NOT NULL
);

INSERT INTO runbook.audit_events (workflow_id, actor, event_type, created_at)
SELECT md5('workflow' || n / 2)::uuid, 'user' || n % 20,
       CASE n % 2 WHEN 0 THEN 'workflow.created' ELSE 'workflow.updated' END,
       now() - (30000 - n) * interval '5 minutes'
  FROM generate_series(1, 30000) n;

CREATE INDEX audit_events_created_at ON runbook.audit_events (created_at);
