-- Labels of those of the given types that are enums, in order.
SELECT CAST(e.enumtypid AS bigint) AS type, e.enumlabel
  FROM pg_catalog.pg_enum e
 WHERE e.enumtypid OPERATOR(pg_catalog.=) ANY (CAST(? AS pg_catalog.oid[]))
 ORDER BY e.enumtypid, e.enumsortorder
