-- Row triggers before DELETE, which can keep a row by returning NULL: those of users, in the order they fire.
SELECT tgname AS name
  FROM pg_catalog.pg_trigger
 WHERE tgrelid = CAST(? AS pg_catalog.oid)
   AND NOT tgisinternal
   AND tgenabled <> 'D'
   AND tgtype & 11 = 11
 ORDER BY tgname
