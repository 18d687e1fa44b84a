-- id: table-growth
-- title: Tables that grow fast
-- category: tables
-- severity: info
-- confidence: estimated
-- impact: bytes
-- reads: primary
-- threshold: min_bytes_per_day = 1073741824 bytes — Smallest growth per day that is reported.
-- threshold: min_days = 1 days — Shortest time between the two sizes that are compared.
-- meaning: Compared with what an earlier detection noted, the table (all partitions together, with indexes and TOAST)
--   grew by more than the limit per day. Sizes are those of the catalog, as of the last vacuum or analyze. Nothing is
--   reported before there is a note that is old enough.
-- remedy: Give the table a retention policy, or make room for what is to come.
WITH RECURSIVE earlier AS (
    SELECT h.*, extract(epoch FROM clock_timestamp() - h.taken) / 86400 AS days
    FROM jsonb_to_recordset(CAST(:history AS jsonb)) AS h (taken timestamptz, schema text, name text, bytes bigint)
), tree AS (
    SELECT c.oid AS root, c.oid AS member, e.schema, e.name, e.bytes, e.days, e.taken
    FROM earlier e
    JOIN pg_namespace n ON n.nspname = e.schema
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = e.name AND NOT c.relispartition
    WHERE e.days >= :min_days
      AND e.days > 0
    UNION ALL
    SELECT t.root, h.inhrelid, t.schema, t.name, t.bytes, t.days, t.taken
    FROM tree t JOIN pg_inherits h ON h.inhparent = t.member
), sized AS (
    SELECT t.schema, t.name, t.bytes AS before, t.days, t.taken,
           sum((greatest(c.relpages, 0)
                + coalesce((SELECT sum(x.relpages) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                            WHERE i.indrelid IN (c.oid, c.reltoastrelid)), 0)
                + coalesce((SELECT x.relpages FROM pg_class x WHERE x.oid = c.reltoastrelid), 0))
               * current_setting('block_size')::bigint) AS bytes
    FROM tree t
    JOIN pg_class c ON c.oid = t.member
    GROUP BY t.root, t.schema, t.name, t.bytes, t.days, t.taken
)
SELECT 'table' AS object_kind,
       schema AS schema_name,
       name AS object_name,
       g.per_day AS impact,
       format('Table %I.%I grows by %s a day.', schema, name, pg_size_pretty(g.per_day::bigint)) AS message,
       jsonb_build_object('bytes', bytes, 'bytes_before', before, 'since', taken, 'bytes_per_day', round(g.per_day)) AS evidence
FROM sized
CROSS JOIN LATERAL (SELECT ((bytes - before) / days)::numeric AS per_day) g
WHERE g.per_day >= greatest(:min_bytes_per_day, 1)
