-- User triggers that fire when rows of the given relations are deleted by a session of role origin.
SELECT t.tgrelid::bigint AS relation, t.tgname
  FROM pg_catalog.pg_trigger t
 WHERE t.tgrelid = ANY (CAST(? AS bigint[])::oid[])
   AND NOT t.tgisinternal
   AND t.tgenabled IN ('O', 'A')
   AND t.tgtype & 8 <> 0
 ORDER BY t.tgname
