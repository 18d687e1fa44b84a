-- Check constraints of a partition that say what its bounds say, and that were not there when it was attached before.
SELECT con.conname AS name
  FROM pg_catalog.pg_constraint con
 WHERE con.conrelid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)
   AND con.contype OPERATOR(pg_catalog.=) 'c'
   AND con.conislocal
   AND pg_catalog.pg_get_expr(con.conbin, con.conrelid) OPERATOR(pg_catalog.=) ?
   AND NOT con.oid OPERATOR(pg_catalog.=) ANY (CAST(? AS pg_catalog.oid[]))
 ORDER BY con.conname
