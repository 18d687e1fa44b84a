-- How the range bounds of partitions lie to a value of the time column, compared in the column's own type {type}.
-- An absent bound is MINVALUE or MAXVALUE.
SELECT p.oid,
       coalesce(CAST(p.lower AS {type}) OPERATOR(pg_catalog.>=) CAST(? AS {type}), false) AS young,
       coalesce(CAST(p.upper AS {type}) OPERATOR(pg_catalog.<=) CAST(? AS {type}), false) AS old
  FROM ROWS FROM (pg_catalog.unnest(CAST(? AS bigint[])),
                  pg_catalog.unnest(CAST(? AS pg_catalog.text[])),
                  pg_catalog.unnest(CAST(? AS pg_catalog.text[]))) AS p (oid, lower, upper)
