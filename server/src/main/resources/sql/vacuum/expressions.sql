-- What ANALYZE of a table computes expressions for: indexes and extended statistics.
SELECT 'index ' OPERATOR(pg_catalog.||) pg_catalog.quote_ident(i.relname) AS object
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid OPERATOR(pg_catalog.=) x.indexrelid
 WHERE x.indrelid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)
   AND (x.indexprs IS NOT NULL OR x.indpred IS NOT NULL)
UNION ALL
SELECT 'statistics ' OPERATOR(pg_catalog.||) pg_catalog.quote_ident(s.stxname)
  FROM pg_catalog.pg_statistic_ext s
 WHERE s.stxrelid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)
   AND s.stxexprs IS NOT NULL
 ORDER BY object
