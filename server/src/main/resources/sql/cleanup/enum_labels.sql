-- Labels of those of the given types that are enums, in order, and whether an operator of the catalog between two of its values is
-- ambiguous: where a user made an implicit cast from it, the operators of the other type fit as well as those of enums.
SELECT CAST(e.enumtypid AS bigint) AS type, e.enumlabel,
       EXISTS (SELECT FROM pg_catalog.pg_cast k
                WHERE k.castsource OPERATOR(pg_catalog.=) e.enumtypid
                  AND k.castcontext OPERATOR(pg_catalog.=) 'i') AS ambiguous
  FROM pg_catalog.pg_enum e
 WHERE e.enumtypid OPERATOR(pg_catalog.=) ANY (CAST(? AS pg_catalog.oid[]))
 ORDER BY e.enumtypid, e.enumsortorder
