-- Policies of row security. Parameter: oid of the table.
SELECT p.polname                                        AS name,
       p.polpermissive                                  AS permissive,
       p.polcmd                                         AS command,
       (SELECT pg_catalog.array_agg(coalesce(r.rolname, '')::pg_catalog.text ORDER BY r.rolname)
          FROM pg_catalog.unnest(p.polroles) AS o (oid)
          LEFT JOIN pg_catalog.pg_roles r ON r.oid = o.oid) AS roles,
       pg_catalog.pg_get_expr(p.polqual, p.polrelid)       AS using_expression,
       pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)  AS check_expression
  FROM pg_catalog.pg_policy p
 WHERE p.polrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
 ORDER BY p.polname
