-- Checks and foreign keys, to and from, and NOT NULLs that are not like all others. Parameter: oid of the table, twice.
SELECT k.conname                                        AS name,
       k.contype                                        AS type,
       pg_catalog.pg_get_constraintdef(k.oid)           AS definition,
       k.convalidated                                   AS validated,
       k.connoinherit                                   AS no_inherit,
       k.conrelid::pg_catalog.int8                      AS table_oid,
       n.nspname                                        AS schema_name,
       c.relname                                        AS table_name,
       k.confrelid::pg_catalog.int8                     AS referenced_oid,
       k.conparentid <> 0                               AS inherited,
       c.relkind = 'p'                                  AS of_partitioned
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE (k.conrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
        AND (k.contype IN ('c', 'f') OR k.contype = 'n' AND (k.connoinherit OR NOT k.convalidated)))
    OR (k.confrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid AND k.contype = 'f')
 ORDER BY n.nspname, c.relname, k.conname
