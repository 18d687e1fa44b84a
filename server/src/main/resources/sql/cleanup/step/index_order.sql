-- Where an index read in ascending order of a column finds its NULLs: it is read backwards if the column is stored
-- descending, and that turns the NULLs around too. No row if the index is gone or not usable.
SELECT ((x.indoption[k.n] & 1) = 1) <> ((x.indoption[k.n] & 2) = 2) AS nulls_first
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
 CROSS JOIN pg_catalog.generate_series(0, x.indnkeyatts - 1) k (n)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[k.n]
 WHERE x.indrelid = CAST(? AS pg_catalog.oid)
   AND n.nspname = ?
   AND i.relname = ?
   AND a.attname = ?
   AND x.indisvalid
