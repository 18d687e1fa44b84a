-- Milvaion, a job scheduler: mixed-case names, rows without "EndTime", a foreign key that holds some rows back.
CREATE SCHEMA milvaion;
SELECT setseed(0.2026);

CREATE TABLE milvaion."ScheduledJobs" (
    "Id"              uuid PRIMARY KEY,
    "DisplayName"     text NOT NULL,
    "JobNameInWorker" text NOT NULL,
    "CronExpression"  text,
    "IsActive"        boolean NOT NULL,
    "CreationDate"    timestamptz NOT NULL
);

INSERT INTO milvaion."ScheduledJobs"
SELECT md5('job' || n)::uuid, 'Job ' || n, 'Worker' || n % 7, '*/5 * * * *', n % 10 <> 0, now() - interval '2 years'
  FROM generate_series(1, 50) n;

-- "Status": 0 queued, 1 running, 2 completed, 3 failed, 4 cancelled, 5 timed out, 6 unknown.
CREATE TABLE milvaion."JobOccurrences" (
    "Id"            uuid PRIMARY KEY,
    "JobId"         uuid NOT NULL REFERENCES milvaion."ScheduledJobs",
    "JobName"       text NOT NULL,
    "CorrelationId" uuid NOT NULL,
    "WorkerId"      text,
    "Status"        integer NOT NULL,
    "CreatedAt"     timestamptz NOT NULL,
    "StartTime"     timestamptz,
    "EndTime"       timestamptz,
    "DurationMs"    bigint,
    "Exception"     text,
    "Logs"          jsonb
);

WITH drawn AS (
    SELECT n,
           random() AS r,
           date_trunc('second', now()) - (120000 - n) * interval '3 minutes' - random() * interval '90 seconds' AS created
      FROM generate_series(1, 120000) n
), occurrence AS (
    SELECT n, created,
           CASE WHEN n > 119950 THEN CASE WHEN n % 2 = 0 THEN 0 ELSE 1 END
                WHEN r < 0.90 THEN 2 WHEN r < 0.95 THEN 3 WHEN r < 0.97 THEN 4
                WHEN r < 0.985 THEN 5 WHEN r < 0.99 THEN 6 ELSE 1 END AS status
      FROM drawn
)
INSERT INTO milvaion."JobOccurrences"
SELECT md5('occurrence' || n)::uuid,
       md5('job' || 1 + n % 50)::uuid,
       'Job ' || 1 + n % 50,
       md5('correlation' || n)::uuid,
       'worker-' || n % 7,
       status,
       created,
       CASE WHEN status > 0 THEN created + interval '1 second' END,
       -- One in fifty never told when it ended; what runs has not ended.
       CASE WHEN status > 1 AND n % 50 <> 0 THEN created + interval '1 second' + n % 90 * interval '1 second' END,
       CASE WHEN status > 1 AND n % 50 <> 0 THEN n % 90 * 1000 END,
       CASE WHEN status = 3 THEN 'System.TimeoutException: the operation has timed out at Worker' || n % 7 END,
       jsonb_build_array(jsonb_build_object('level', 'Information', 'message', repeat('step done; ', 5 + n % 25)))
  FROM occurrence;

CREATE INDEX "IX_JobOccurrences_JobId" ON milvaion."JobOccurrences" ("JobId");
CREATE INDEX "IX_JobOccurrences_CreatedAt" ON milvaion."JobOccurrences" ("CreatedAt" DESC);
CREATE INDEX "IX_JobOccurrences_Status_EndTime" ON milvaion."JobOccurrences" ("Status", "EndTime");

-- A failure keeps its occurrence alive until it is itself removed: resolved ones after 30 days, others after 180.
CREATE TABLE milvaion."FailedOccurrences" (
    "Id"           uuid PRIMARY KEY,
    "JobId"        uuid NOT NULL,
    "OccurrenceId" uuid NOT NULL REFERENCES milvaion."JobOccurrences",
    "FailedAt"     timestamptz NOT NULL,
    "ResolvedAt"   timestamptz,
    "Exception"    text
);

INSERT INTO milvaion."FailedOccurrences"
SELECT md5('failure' || "Id")::uuid, "JobId", "Id", "CreatedAt" + interval '2 minutes',
       CASE WHEN random() < 0.8 THEN "CreatedAt" + interval '1 day' END,
       "Exception"
  FROM milvaion."JobOccurrences"
 WHERE "Status" = 3;

CREATE INDEX "IX_FailedOccurrences_OccurrenceId" ON milvaion."FailedOccurrences" ("OccurrenceId");
CREATE INDEX "IX_FailedOccurrences_FailedAt" ON milvaion."FailedOccurrences" ("FailedAt");
