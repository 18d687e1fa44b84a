-- Rights on the table and its columns that its owner has not anyway, and roles to which new tables of this role are granted by
-- default. Parameters: oid of the table, three times.
SELECT g.privilege_type                                 AS privilege,
       CASE WHEN g.grantee = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(g.grantee) END AS grantee,
       g.is_grantable                                   AS grantable,
       NULL::pg_catalog.text                            AS column_name
  FROM pg_catalog.pg_class c
  CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) g
 WHERE c.oid = CAST(? AS pg_catalog.int8)::pg_catalog.oid AND g.grantee <> c.relowner
UNION ALL
SELECT g.privilege_type,
       CASE WHEN g.grantee = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(g.grantee) END,
       g.is_grantable,
       a.attname::pg_catalog.text
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) g
 WHERE a.attrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid AND NOT a.attisdropped AND g.grantee <> c.relowner
UNION ALL
SELECT DISTINCT 'DEFAULT',
       CASE WHEN g.grantee = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(g.grantee) END,
       false,
       NULL
  FROM pg_catalog.pg_default_acl d
  CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) g
  JOIN pg_catalog.pg_class c ON c.oid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
 WHERE d.defaclobjtype = 'r' AND d.defaclnamespace IN (0, c.relnamespace)
   AND d.defaclrole = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = current_user)
   AND g.grantee NOT IN (d.defaclrole, c.relowner)
 ORDER BY 4 NULLS FIRST, 2, 1
