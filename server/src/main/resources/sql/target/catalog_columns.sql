-- Columns with what statistics know of them. A domain counts as its base type.
WITH RECURSIVE wanted (oid) AS (
    SELECT unnest(?::oid[])
), base (type, oid) AS (
    SELECT DISTINCT a.atttypid, a.atttypid
      FROM wanted
      JOIN pg_attribute a ON a.attrelid = wanted.oid AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
    SELECT base.type, t.typbasetype
      FROM base
      JOIN pg_type t ON t.oid = base.oid AND t.typtype = 'd'
)
SELECT a.attrelid,
       a.attname,
       a.attnum,
       format_type(a.atttypid, a.atttypmod)  AS type,
       t.oid                                 AS base_type_oid,
       format_type(t.oid, -1)                AS base_type,
       concat(CASE tn.nspname WHEN 'pg_catalog' THEN 'pg_catalog' ELSE quote_ident(tn.nspname) END, '.',
              quote_ident(t.typname))        AS cast_type,
       t.typcategory,
       a.attnotnull,
       a.attgenerated <> ''                  AS generated,
       s.attname IS NOT NULL                 AS known,
       s.null_frac,
       s.avg_width,
       s.correlation
  FROM wanted
  JOIN pg_class c ON c.oid = wanted.oid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN base ON base.type = a.atttypid
  JOIN pg_type t ON t.oid = base.oid AND t.typtype <> 'd'
  JOIN pg_namespace tn ON tn.oid = t.typnamespace
  LEFT JOIN pg_stats s ON s.schemaname = n.nspname
                      AND s.tablename = c.relname
                      AND s.attname = a.attname
                      AND s.inherited = (c.relkind = 'p')
 ORDER BY a.attrelid, a.attnum
