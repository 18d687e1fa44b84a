-- What the role may do at a table and at all partitions below it. Names are qualified, since the search_path is whatever
-- the role has.
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
       NOT c.relispartition                                    AS is_root,
       c.relkind = 'r'                                         AS is_leaf,
       pg_catalog.has_schema_privilege(n.oid, 'USAGE')         AS schema_usage,
       pg_catalog.has_table_privilege(c.oid, 'SELECT')         AS can_select,
       pg_catalog.has_table_privilege(c.oid, 'DELETE')         AS can_delete,
       pg_catalog.row_security_active(c.oid)                   AS row_security,
       pg_catalog.pg_has_role(c.relowner, 'USAGE')
           OR CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 170000
                   THEN pg_catalog.has_table_privilege(c.oid, 'MAINTAIN')
                   ELSE pg_catalog.pg_has_role(d.datdba, 'USAGE')
              END                                              AS maintain,
       pg_catalog.pg_has_role(c.relowner, 'USAGE')             AS owns
  FROM tree
  JOIN pg_catalog.pg_class c ON c.oid = tree.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
  JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
 ORDER BY n.nspname, c.relname
