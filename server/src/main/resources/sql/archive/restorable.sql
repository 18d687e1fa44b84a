-- A table that rows are to be loaded into: its columns, the tables above it, and whether a key tells rows apart.
WITH RECURSIVE above (oid) AS (
    SELECT c.oid
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ? AND c.relname = ?
  UNION ALL
    SELECT i.inhparent
      FROM above
      JOIN pg_catalog.pg_inherits i ON i.inhrelid = above.oid
      JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relispartition
)
SELECT c.oid, c.relkind, n.nspname, c.relname,
       EXISTS (SELECT FROM pg_catalog.pg_index x
                WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND x.indpred IS NULL) AS keyed,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated <> '') AS computed,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
                AND NOT a.atthasdef AND a.attidentity = '') AS needed
  FROM above
  JOIN pg_catalog.pg_class c ON c.oid = above.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
