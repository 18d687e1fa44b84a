-- What others than the owner may do with a table and its columns. Parameters: its oid, twice.
SELECT e.privilege_type AS privilege, NULL AS column_name, r.rolname AS grantee, e.is_grantable AS grantable
  FROM pg_catalog.pg_class c
 CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) e
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = e.grantee
 WHERE c.oid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
   AND e.grantee <> c.relowner
UNION ALL
SELECT e.privilege_type, a.attname, r.rolname, e.is_grantable
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
 CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) e
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = e.grantee
 WHERE c.oid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
   AND e.grantee <> c.relowner
 ORDER BY 3, 1, 2
