-- Labels of those of the given types that are enums, in order.
SELECT e.enumtypid::bigint AS type, e.enumlabel
  FROM pg_catalog.pg_enum e
 WHERE e.enumtypid = ANY (CAST(? AS bigint[])::oid[])
 ORDER BY e.enumtypid, e.enumsortorder
