-- Columns of a table that is archived, in their order. A domain counts as its base type.
WITH RECURSIVE base (type, oid) AS (
    SELECT DISTINCT a.atttypid, a.atttypid
      FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = CAST(? AS bigint)::oid AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
    SELECT base.type, t.typbasetype
      FROM base
      JOIN pg_catalog.pg_type t ON t.oid = base.oid AND t.typtype = 'd'
)
SELECT a.attname,
       pg_catalog.format_type(a.atttypid, a.atttypmod)  AS type,
       pg_catalog.format_type(t.oid, -1)                AS base_type,
       t.oid                                            AS base_type_oid,
       a.atttypmod,
       CASE WHEN co.oid IS NULL THEN ''
            ELSE pg_catalog.concat(pg_catalog.quote_ident(cn.nspname), '.', pg_catalog.quote_ident(co.collname))
       END                                              AS collation,
       a.attnotnull,
       CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) ELSE '' END AS generated,
       a.attgenerated = 'v'                             AS virtual,
       CASE WHEN a.attgenerated = '' AND d.adbin IS NOT NULL
            THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) ELSE '' END AS default_expression,
       CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' ELSE '' END AS identity
  FROM pg_catalog.pg_attribute a
  JOIN base ON base.type = a.atttypid
  JOIN pg_catalog.pg_type t ON t.oid = base.oid AND t.typtype <> 'd'
  JOIN pg_catalog.pg_type own ON own.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation AND a.attcollation <> own.typcollation
  LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
 WHERE a.attrelid = CAST(? AS bigint)::oid AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
