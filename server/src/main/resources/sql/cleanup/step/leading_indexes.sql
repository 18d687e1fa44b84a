-- Indexes that lead along a column: every key column before it is compared with a constant. For each, where it finds its
-- NULLs when it is read in ascending order of the column: it is read backwards if the column is stored descending, and that
-- turns the NULLs around too.
SELECT i.relname                                                       AS name,
       n.nspname = ? AND i.relname = ?                                 AS promised,
       ((x.indoption[k.n] & 1) = 1) <> ((x.indoption[k.n] & 2) = 2)    AS nulls_first
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_am m ON m.oid = i.relam AND m.amname = 'btree'
  JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
 CROSS JOIN pg_catalog.generate_series(0, x.indnkeyatts - 1) k (n)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[k.n] AND a.attname = ?
 WHERE x.indrelid = CAST(? AS pg_catalog.oid)
   AND x.indisvalid
   AND NOT EXISTS (SELECT 1
                     FROM pg_catalog.generate_series(0, k.n - 1) before (n)
                     LEFT JOIN pg_catalog.pg_attribute b
                            ON b.attrelid = x.indrelid AND b.attnum = x.indkey[before.n] AND b.attnum > 0
                    WHERE coalesce(b.attname <> ALL (CAST(? AS text[])), true))
