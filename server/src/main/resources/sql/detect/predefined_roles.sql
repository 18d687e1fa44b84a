-- Predefined roles have oids that initdb gave; a superuser has the rights of all.
SELECT r.rolname
FROM pg_catalog.pg_roles r
WHERE r.rolname LIKE 'pg\_%'
  AND r.oid < 16384
  AND pg_catalog.pg_has_role(r.oid, 'USAGE')
