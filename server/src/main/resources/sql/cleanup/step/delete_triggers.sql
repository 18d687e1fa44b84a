-- Row triggers before DELETE that fire in an ordinary session and can keep a row by returning NULL: those of users, in the
-- order they fire. Before PostgreSQL 15 the copies that partitions have count as internal; those of keys have a constraint.
SELECT tgname AS name
  FROM pg_catalog.pg_trigger
 WHERE tgrelid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)
   AND (NOT tgisinternal OR (tgparentid OPERATOR(pg_catalog.<>) CAST(0 AS pg_catalog.oid)
                             AND tgconstraint OPERATOR(pg_catalog.=) CAST(0 AS pg_catalog.oid)))
   AND tgenabled OPERATOR(pg_catalog.=) ANY (CAST('{O,A}' AS pg_catalog."char"[]))
   AND (tgtype OPERATOR(pg_catalog.&) 11) OPERATOR(pg_catalog.=) 11
 ORDER BY tgname
