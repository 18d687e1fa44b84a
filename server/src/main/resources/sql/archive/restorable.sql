-- A table that rows are to be loaded into: its columns, the tables above it, and the columns of each key that tells all
-- rows apart: where NULLs are, it does not.
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
       (SELECT pg_catalog.json_agg((SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum)
                                      FROM pg_catalog.pg_attribute a
                                     WHERE a.attrelid = x.indrelid AND a.attnum = ANY (key.columns)))
          FROM pg_catalog.pg_index x
         CROSS JOIN LATERAL (SELECT (x.indkey::int2[])[0:x.indnkeyatts - 1] AS columns) key
         WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND x.indimmediate
           AND x.indpred IS NULL AND x.indexprs IS NULL
           AND (COALESCE((pg_catalog.to_jsonb(x) ->> 'indnullsnotdistinct')::boolean, false)
                OR NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                                WHERE a.attrelid = x.indrelid AND a.attnum = ANY (key.columns)
                                  AND NOT a.attnotnull)))::text AS keys,
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
