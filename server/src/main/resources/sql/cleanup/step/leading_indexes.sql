-- Indexes that lead along a column: every key column before it is compared with a constant. For each, where it finds its
-- NULLs when it is read in ascending order of the column: it is read backwards if the column is stored descending, and that
-- turns the NULLs around too.
SELECT i.relname                                                              AS name,
       n.nspname OPERATOR(pg_catalog.=) ? AND i.relname OPERATOR(pg_catalog.=) ? AS promised,
       ((x.indoption[k.n] OPERATOR(pg_catalog.&) 1) OPERATOR(pg_catalog.=) 1)
           OPERATOR(pg_catalog.<>) ((x.indoption[k.n] OPERATOR(pg_catalog.&) 2) OPERATOR(pg_catalog.=) 2)
                                                                              AS nulls_first
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid OPERATOR(pg_catalog.=) x.indexrelid
  JOIN pg_catalog.pg_am m ON m.oid OPERATOR(pg_catalog.=) i.relam AND m.amname OPERATOR(pg_catalog.=) 'btree'
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) i.relnamespace
 CROSS JOIN pg_catalog.generate_series(0, x.indnkeyatts OPERATOR(pg_catalog.-) 1) k (n)
  JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) x.indrelid
                                AND a.attnum OPERATOR(pg_catalog.=) x.indkey[k.n]
                                AND a.attname OPERATOR(pg_catalog.=) ?
 WHERE x.indrelid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)
   AND x.indisvalid
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.generate_series(0, k.n OPERATOR(pg_catalog.-) 1) before (n)
                     LEFT JOIN pg_catalog.pg_attribute b
                            ON b.attrelid OPERATOR(pg_catalog.=) x.indrelid
                           AND b.attnum OPERATOR(pg_catalog.=) x.indkey[before.n]
                           AND b.attnum OPERATOR(pg_catalog.>) 0
                    WHERE coalesce(b.attname OPERATOR(pg_catalog.<>) ALL (CAST(? AS pg_catalog.text[])), true))
