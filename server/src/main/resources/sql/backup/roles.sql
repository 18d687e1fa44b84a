-- Roles that objects of the database depend on: owners, grantees, and those of policies. Those of PostgreSQL itself exist everywhere.
SELECT DISTINCT r.rolname
  FROM pg_catalog.pg_shdepend s
  JOIN pg_catalog.pg_roles r ON r.oid = s.refobjid
 WHERE s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
   AND s.refclassid = 'pg_catalog.pg_authid'::regclass
   AND s.deptype IN ('o', 'a', 'r')
   AND s.classid <> 'pg_catalog.pg_extension'::regclass
   AND r.rolname !~ '^pg_'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = s.classid AND d.objid = s.objid AND d.deptype = 'e')
 ORDER BY 1
