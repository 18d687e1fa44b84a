-- id: partition-pending-detach
-- title: Detachments that were interrupted
-- category: partitions
-- severity: warning
-- confidence: certain
-- impact: none
-- blocks: cleanup
-- meaning: ALTER TABLE … DETACH PARTITION CONCURRENTLY was interrupted. The rows of the partition are already invisible
--   through the table, and no other partition of the table can be detached concurrently until this one is finished.
-- remedy: Finish it with FINALIZE.
WITH pending AS (
    SELECT n.nspname, c.relname, c.reltuples, pn.nspname AS parent_schema, p.relname AS parent
    FROM pg_inherits h
    JOIN pg_class c ON c.oid = h.inhrelid AND c.relkind IN ('r', 'p', 'f')
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class p ON p.oid = h.inhparent
    JOIN pg_namespace pn ON pn.oid = p.relnamespace
    WHERE h.inhdetachpending
      -- while somebody is still at it, nothing was interrupted
      AND NOT EXISTS (
          SELECT FROM pg_locks l
          WHERE l.locktype = 'relation'
            AND l.relation = p.oid
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND l.mode = 'ShareUpdateExclusiveLock'))
SELECT 'partition' AS object_kind,
       d.nspname AS schema_name,
       d.relname AS object_name,
       format('The detachment of partition %I.%I from table %I.%I was begun and not finished.', d.nspname, d.relname,
              d.parent_schema, d.parent) AS message,
       jsonb_build_object('table', format('%I.%I', d.parent_schema, d.parent), 'rows', d.reltuples) AS evidence,
       format('ALTER TABLE %I.%I DETACH PARTITION %I.%I FINALIZE;', d.parent_schema, d.parent, d.nspname, d.relname)
           AS remediation,
       NULL AS measure,
       NULL AS value
FROM pending d
UNION ALL
SELECT 'database', '', current_database(), '', NULL, NULL, 'pending-detaches', count(*)::double precision
FROM pending
