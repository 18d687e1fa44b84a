-- Tables that the given relations reference: dropping a relation locks them.
SELECT k.conrelid::bigint AS relation, n.nspname, c.relname
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = k.confrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE k.contype = 'f' AND k.conrelid = ANY (CAST(? AS bigint[])::oid[])
 ORDER BY n.nspname, c.relname
