-- Columns of a table as one that rows are copied from or to has them; a cast has the base type of a domain.
WITH RECURSIVE wanted AS (
    SELECT a.*
      FROM pg_catalog.pg_attribute a
     WHERE a.attrelid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)
       AND a.attnum OPERATOR(pg_catalog.>) 0
       AND NOT a.attisdropped
), base (type, oid) AS (
    SELECT DISTINCT wanted.atttypid, wanted.atttypid
      FROM wanted
  UNION ALL
    SELECT base.type, t.typbasetype
      FROM base
      JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) base.oid AND t.typtype OPERATOR(pg_catalog.=) 'd'
)
SELECT wanted.attname AS name,
       pg_catalog.format_type(wanted.atttypid, wanted.atttypmod) AS type,
       pg_catalog.concat(
           CASE WHEN tn.nspname OPERATOR(pg_catalog.=) 'pg_catalog' THEN 'pg_catalog'
                ELSE pg_catalog.quote_ident(tn.nspname) END, '.',
           pg_catalog.quote_ident(t.typname)) AS cast_type,
       wanted.attnotnull AS not_null,
       wanted.attgenerated OPERATOR(pg_catalog.<>) '' AS generated,
       wanted.atthasdef OR wanted.attidentity OPERATOR(pg_catalog.<>) '' AS has_default
  FROM wanted
  JOIN base ON base.type OPERATOR(pg_catalog.=) wanted.atttypid
  JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) base.oid AND t.typtype OPERATOR(pg_catalog.<>) 'd'
  JOIN pg_catalog.pg_namespace tn ON tn.oid OPERATOR(pg_catalog.=) t.typnamespace
 ORDER BY wanted.attnum
