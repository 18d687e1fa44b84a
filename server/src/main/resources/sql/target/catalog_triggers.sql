-- Users' triggers on DELETE (tgtype 8) and on TRUNCATE (tgtype 32). Before PostgreSQL 15 the copies that partitions have of a row
-- trigger count as internal; those of foreign keys have a constraint.
SELECT t.tgrelid,
       t.tgname,
       CASE WHEN t.tgtype & 64 = 64 THEN 'INSTEAD'
            WHEN t.tgtype & 2 = 2 THEN 'BEFORE'
            ELSE 'AFTER' END             AS timing,
       t.tgtype & 1 = 1                  AS each_row,
       t.tgtype & 8 = 8                  AS deletes,
       t.tgtype & 32 = 32                AS truncates,
       t.tgenabled,
       n.nspname || '.' || p.proname     AS function
  FROM unnest(?::oid[]) AS wanted (oid)
  JOIN pg_trigger t ON t.tgrelid = wanted.oid
  JOIN pg_proc p ON p.oid = t.tgfoid
  JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE t.tgtype & 40 <> 0
   AND (NOT t.tgisinternal OR (t.tgparentid <> 0 AND t.tgconstraint = 0))
 ORDER BY t.tgrelid, t.tgname
