-- What else a table copy does not hold, beside the kinds of objects of counts.sql, with how many there are.
WITH here (oid) AS (
    SELECT d.oid
      FROM pg_catalog.pg_database d
     WHERE d.datname = pg_catalog.current_database()
), relation AS (
    SELECT c.*
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
), thing AS (
    SELECT 'pg_catalog.pg_class'::regclass AS catalog, c.oid, 0 AS part, c.relacl AS acl, c.relnamespace AS schema
      FROM pg_catalog.pg_class c
    UNION ALL
    SELECT 'pg_catalog.pg_class'::regclass, a.attrelid, a.attnum, a.attacl, c.relnamespace
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
     WHERE a.attnum > 0 AND NOT a.attisdropped
       AND (a.attacl IS NOT NULL
            OR EXISTS (SELECT FROM pg_catalog.pg_init_privs i
                        WHERE i.classoid = 'pg_catalog.pg_class'::regclass AND i.objoid = a.attrelid AND i.objsubid = a.attnum))
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::regclass, p.oid, 0, p.proacl, p.pronamespace
      FROM pg_catalog.pg_proc p
    UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, t.oid, 0, t.typacl, t.typnamespace
      FROM pg_catalog.pg_type t
    UNION ALL
    SELECT 'pg_catalog.pg_namespace'::regclass, n.oid, 0, n.nspacl, n.oid
      FROM pg_catalog.pg_namespace n
     WHERE n.nspname = 'pg_catalog' -- others have their statements
    UNION ALL
    SELECT 'pg_catalog.pg_language'::regclass, l.oid, 0, l.lanacl, CAST(0 AS oid)
      FROM pg_catalog.pg_language l
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_data_wrapper'::regclass, w.oid, 0, w.fdwacl, CAST(0 AS oid)
      FROM pg_catalog.pg_foreign_data_wrapper w
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_server'::regclass, s.oid, 0, s.srvacl, CAST(0 AS oid)
      FROM pg_catalog.pg_foreign_server s
), initial AS (
    SELECT t.acl, i.initprivs
      FROM thing t
      LEFT JOIN pg_catalog.pg_init_privs i ON i.classoid = t.catalog AND i.objoid = t.oid AND i.objsubid = t.part
     WHERE t.schema = 'pg_catalog'::regnamespace
        OR t.catalog = 'pg_catalog.pg_language'::regclass AND t.oid < 16384 -- the server's own
        OR EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = t.catalog AND d.objid = t.oid AND d.objsubid = 0 AND d.deptype = 'e')
)
SELECT what, count
  FROM (VALUES
    ('default privileges', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_default_acl)),
    ('user mappings', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_user_mappings)),
    ('subscriptions', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_subscription s JOIN here ON here.oid = s.subdbid)),
    ('security labels', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_seclabel)),
    ('settings of the database', (SELECT pg_catalog.count(*)
                                    FROM pg_catalog.pg_db_role_setting s
                                    JOIN here ON here.oid = s.setdatabase)),
    ('grants and revocations on the database',
     (SELECT pg_catalog.count(*)
        FROM pg_catalog.pg_database d
       CROSS JOIN LATERAL (
             (SELECT a.grantee, a.privilege_type, a.is_grantable FROM pg_catalog.aclexplode(d.datacl) a
               EXCEPT
              SELECT a.grantee, a.privilege_type, a.is_grantable
                FROM pg_catalog.aclexplode(pg_catalog.acldefault('d', d.datdba)) a)
             UNION ALL
             (SELECT a.grantee, a.privilege_type, a.is_grantable
                FROM pg_catalog.aclexplode(pg_catalog.acldefault('d', d.datdba)) a
               EXCEPT
              SELECT a.grantee, a.privilege_type, a.is_grantable FROM pg_catalog.aclexplode(d.datacl) a)) AS unlike
       WHERE d.datname = pg_catalog.current_database() AND d.datacl IS NOT NULL)),
    ('comments on the database', (SELECT pg_catalog.count(*)
                                    FROM pg_catalog.pg_shdescription d
                                    JOIN here ON here.oid = d.objoid
                                   WHERE d.classoid = 'pg_catalog.pg_database'::regclass)),
    ('comments on extensions, other than their own', (SELECT pg_catalog.count(*)
                                                        FROM pg_catalog.pg_extension e
                                                        JOIN pg_catalog.pg_available_extensions() a ON a.name = e.extname
                                                       WHERE pg_catalog.obj_description(e.oid, 'pg_extension')
                                                             IS DISTINCT FROM a.comment)),
    ('tables whose rows extensions mark as to be dumped', (SELECT COALESCE(pg_catalog.sum(pg_catalog.cardinality(e.extconfig)), 0)
                                                             FROM pg_catalog.pg_extension e)),
    ('dependencies on extensions', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_depend d WHERE d.deptype = 'x')),
    ('grants and revocations on objects of PostgreSQL and of extensions',
     (SELECT pg_catalog.count(*) FROM initial i WHERE i.acl IS DISTINCT FROM i.initprivs)),
    ('shell types', (SELECT pg_catalog.count(*)
                       FROM pg_catalog.pg_type t
                       JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
                      WHERE t.typtype = 'p' AND NOT t.typisdefined AND n.nspname !~ '^pg_'
                        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                                         WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'))),
    ('comments on types of tables, arrays and multiranges',
     (SELECT pg_catalog.count(*)
        FROM pg_catalog.pg_description d
        JOIN pg_catalog.pg_type t ON t.oid = d.objoid
        JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
       WHERE d.classoid = 'pg_catalog.pg_type'::regclass AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
         AND (t.typtype = 'm' OR EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
              OR EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')))),
    ('pending detaches of partitions', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_inherits i WHERE i.inhdetachpending)),
    ('revocations from everybody on schema public',
     (SELECT pg_catalog.count(*)
        FROM pg_catalog.pg_namespace n
       CROSS JOIN (VALUES ('USAGE'), ('CREATE')) AS usual (privilege)
       WHERE n.nspname = 'public' AND n.nspacl IS NOT NULL
         AND (usual.privilege = 'USAGE' OR CAST(pg_catalog.current_setting('server_version_num') AS int) < 150000)
         AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(n.nspacl) a
                          WHERE a.grantee = 0 AND a.privilege_type = usual.privilege))),
    ('relations whose owners took rights from themselves',
     (SELECT pg_catalog.count(*)
        FROM relation c
       WHERE c.relacl IS NOT NULL AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
         AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(c.relacl) a
                          WHERE a.grantee = c.relowner
                            AND a.privilege_type = CASE c.relkind WHEN 'S' THEN 'USAGE' ELSE 'INSERT' END))),
    ('tables and indexes with a tablespace of their own', (SELECT pg_catalog.count(*) FROM relation c WHERE c.reltablespace <> 0)),
    ('marks of columns as inherited alone', (SELECT pg_catalog.count(*)
                                               FROM pg_catalog.pg_attribute a
                                               JOIN relation c ON c.oid = a.attrelid
                                              WHERE a.attnum > 0 AND NOT a.attisdropped AND NOT a.attislocal
                                                AND c.relkind = 'r' AND NOT c.relispartition)),
    ('storage parameters of keys of partitioned tables', (SELECT pg_catalog.count(*)
                                                            FROM relation c
                                                            JOIN pg_catalog.pg_constraint con ON con.conindid = c.oid
                                                           WHERE c.relkind = 'I' AND c.reloptions IS NOT NULL)),
    ('indexes that are not valid', (SELECT pg_catalog.count(*)
                                      FROM pg_catalog.pg_index x
                                      JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
                                     WHERE NOT x.indisvalid AND i.relkind = 'i'))
  ) AS kinds (what, count)
 WHERE count > 0
