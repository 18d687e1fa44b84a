-- Columns of a relation with the type below any domain, written so that it never truncates or rounds and never depends on
-- the search path.
WITH RECURSIVE base (attnum, name, not_null, type) AS (
    SELECT a.attnum, a.attname, a.attnotnull, a.atttypid
      FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = CAST(? AS oid) AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
    SELECT base.attnum, base.name, base.not_null OR t.typnotnull, t.typbasetype
      FROM base
      JOIN pg_catalog.pg_type t ON t.oid = base.type AND t.typtype = 'd'
)
SELECT base.name,
       base.not_null,
       t.typname,
       n.nspname = 'pg_catalog' AS built_in,
       CASE WHEN n.nspname = 'pg_catalog' THEN pg_catalog.format_type(t.oid, -1)
            ELSE pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname) END AS cast_type,
       (SELECT pg_catalog.array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
          FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) AS labels
  FROM base
  JOIN pg_catalog.pg_type t ON t.oid = base.type AND t.typtype <> 'd'
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
 ORDER BY base.attnum
