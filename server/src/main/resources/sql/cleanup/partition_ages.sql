-- How the range bounds of partitions lie to a value of the time column, compared in the column's own type {type}.
-- An absent bound is MINVALUE or MAXVALUE.
SELECT p.oid,
       coalesce(CAST(p.lower AS {type}) >= CAST(? AS {type}), false) AS young,
       coalesce(CAST(p.upper AS {type}) <= CAST(? AS {type}), false) AS old
  FROM unnest(CAST(? AS bigint[]), CAST(? AS text[]), CAST(? AS text[])) AS p (oid, lower, upper)
