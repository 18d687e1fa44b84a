-- What the role that will work on a table may do at it and at all partitions below it: whoever logged in, or the owner of
-- each, if the target acts as owners (the third parameter) and whoever logged in may become that. And what default privileges
-- would not give it on tables that the owner of each creates in the same schema.
WITH RECURSIVE tree (oid) AS (
    SELECT c.oid
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')
  UNION ALL
    SELECT c.oid
      FROM tree
      JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid
      JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relispartition AND c.relkind IN ('r', 'p')
)
SELECT n.nspname,
       c.relname,
       pg_catalog.pg_get_userbyid(c.relowner)                  AS owner,
       o.rolsuper                                              AS owner_is_superuser,
       NOT who.as_owner OR pg_catalog.pg_has_role(session_user, c.relowner,
           CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
                                                               AS may_act,
       NOT c.relispartition                                    AS is_root,
       c.relkind = 'r'                                         AS is_leaf,
       pg_catalog.has_schema_privilege(who.oid, n.oid, 'USAGE')       AS schema_usage,
       pg_catalog.has_table_privilege(who.oid, c.oid, 'SELECT')        AS can_select,
       pg_catalog.has_table_privilege(who.oid, c.oid, 'DELETE')        AS can_delete,
       CASE WHEN who.as_owner AND who.oid = c.relowner
            THEN c.relrowsecurity AND c.relforcerowsecurity AND NOT o.rolsuper AND NOT o.rolbypassrls
            ELSE pg_catalog.row_security_active(c.oid) END             AS row_security,
       pg_catalog.pg_has_role(who.oid, c.relowner, 'USAGE')
           OR CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 170000
                   THEN pg_catalog.has_table_privilege(who.oid, c.oid, 'MAINTAIN')
                   ELSE pg_catalog.pg_has_role(who.oid, d.datdba, 'USAGE')
              END                                              AS maintain,
       pg_catalog.pg_has_role(who.oid, c.relowner, 'USAGE')    AS owns,
       ARRAY(
           SELECT wanted.privilege
             FROM (VALUES (CAST('SELECT' AS text), CAST('pg_read_all_data' AS text)),
                          ('DELETE', 'pg_write_all_data'), ('MAINTAIN', 'pg_maintain')) AS wanted (privilege, predefined)
            WHERE NOT pg_catalog.pg_has_role(who.oid, c.relowner, 'USAGE')
              AND (wanted.privilege <> 'MAINTAIN'
                   OR pg_catalog.current_setting('server_version_num')::int >= 170000)
              AND NOT EXISTS (
                  SELECT FROM pg_catalog.pg_roles p
                   WHERE p.rolname = wanted.predefined AND pg_catalog.pg_has_role(who.oid, p.oid, 'USAGE'))
              AND NOT EXISTS (
                  SELECT FROM pg_catalog.pg_default_acl a
                   CROSS JOIN LATERAL pg_catalog.aclexplode(a.defaclacl) AS given_then
                   WHERE a.defaclrole = c.relowner AND a.defaclobjtype = 'r' AND a.defaclnamespace IN (0, n.oid)
                     AND given_then.privilege_type = wanted.privilege
                     AND (given_then.grantee = 0 OR pg_catalog.pg_has_role(who.oid, given_then.grantee, 'USAGE')))
       )                                                       AS lacking_to_come
  FROM tree
  JOIN pg_catalog.pg_class c ON c.oid = tree.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
  CROSS JOIN (SELECT CAST(? AS boolean) AS as_owner, r.oid AS login
                FROM pg_catalog.pg_roles r WHERE r.rolname = session_user) AS given
  CROSS JOIN LATERAL (SELECT given.as_owner, CASE WHEN given.as_owner THEN c.relowner ELSE given.login END AS oid) AS who
  JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
 ORDER BY n.nspname, c.relname
