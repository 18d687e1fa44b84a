-- "JobOccurrences" of Milvaion: current_setting('bench.rows') rows in time order, slightly out of order. Times leave a
-- day free on both sides of 60 and of 30 days ago, so that contenders that run at different times remove the same rows:
-- 3.26 % of all rows are older than 60 days and 54.35 % older than 30; 92 % of either have "Status" 2.
SELECT setseed(0.2026);

-- Logs are drawn from a thousand that were made before: random, so that they do not compress. 300 to 2,000 bytes, one in
-- fifty up to 8 kB, which is stored apart (TOAST).
CREATE TEMPORARY TABLE log AS
SELECT n,
       jsonb_build_array(jsonb_build_object('level', 'Information', 'message', left(
           text,
           CASE WHEN n % 50 = 0 THEN 4000 + (random() * 4000)::int ELSE 250 + (random() * 1650)::int END))) AS content
  FROM (SELECT n, string_agg(md5(n || ':' || part), '') AS text
          FROM generate_series(0, 999) n, generate_series(1, 250) part
         GROUP BY n) s;
CREATE UNIQUE INDEX ON log (n);
ANALYZE log;

CREATE TABLE "JobOccurrences" (
    "Id"        uuid NOT NULL,
    "JobId"     uuid NOT NULL,
    "Status"    integer NOT NULL,
    "CreatedAt" timestamptz NOT NULL,
    "EndTime"   timestamptz,
    "Logs"      jsonb,
    "Exception" text
);

WITH placed AS (
    SELECT n, random() AS drawn,
           (n + (random() - 0.5) * 400) / current_setting('bench.rows')::float8 AS place
      FROM generate_series(1, current_setting('bench.rows')::bigint) n
), occurrence AS (
    SELECT n,
           CASE WHEN drawn < 0.92 THEN 2 WHEN drawn < 0.95 THEN 3 WHEN drawn < 0.98 THEN 4 ELSE 5 END AS status,
           now() - interval '1 day' * (CASE
               WHEN place < 0.0326 THEN 62 - place / 0.0326
               WHEN place < 0.5435 THEN 59 - (place - 0.0326) / 0.5109 * 28
               ELSE 29 - (place - 0.5435) / 0.4565 * 28 END) AS created
      FROM placed
)
INSERT INTO "JobOccurrences"
SELECT md5(o.n::text)::uuid,
       md5((o.n % 500)::text)::uuid,
       o.status,
       o.created,
       o.created + (o.n % 60) * interval '1 second',
       (SELECT log.content FROM log WHERE log.n = o.n * 7919 % 1000),
       CASE WHEN o.status = 3 THEN repeat('at Milvaion.Worker.Execute() ', 15) END
  FROM occurrence o;

ALTER TABLE "JobOccurrences" ADD CONSTRAINT "PK_JobOccurrences" PRIMARY KEY ("Id");
CREATE INDEX "IX_JobOccurrences_JobId" ON "JobOccurrences" ("JobId");
CREATE INDEX "IX_JobOccurrences_Status" ON "JobOccurrences" ("Status");
CREATE INDEX "IX_JobOccurrences_CreatedAt" ON "JobOccurrences" ("CreatedAt" DESC);
CREATE INDEX "IX_JobOccurrences_Status_EndTime" ON "JobOccurrences" ("Status", "EndTime");
