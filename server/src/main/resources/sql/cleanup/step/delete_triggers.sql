-- Row triggers before DELETE, which can keep a row by returning NULL: those of users, in the order they fire.
SELECT tgname AS name
  FROM pg_catalog.pg_trigger
 WHERE tgrelid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)
   AND NOT tgisinternal
   AND tgenabled OPERATOR(pg_catalog.<>) 'D'
   AND (tgtype OPERATOR(pg_catalog.&) 11) OPERATOR(pg_catalog.=) 11
 ORDER BY tgname
