-- What else a table copy does not hold, beside the kinds of objects of counts.sql, with how many there are.
WITH relation AS (
    SELECT c.*
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
), thing AS (
    SELECT 'pg_catalog.pg_class'::regclass AS catalog, c.oid, 0 AS part, c.relacl AS acl, c.relnamespace AS schema,
           CAST(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END AS "char") AS kind, c.relowner AS owner
      FROM pg_catalog.pg_class c
    UNION ALL
    SELECT 'pg_catalog.pg_class'::regclass, a.attrelid, a.attnum, a.attacl, c.relnamespace, 'c', c.relowner
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
     WHERE a.attnum > 0 AND NOT a.attisdropped
       AND (a.attacl IS NOT NULL
            OR EXISTS (SELECT FROM pg_catalog.pg_init_privs i
                        WHERE i.classoid = 'pg_catalog.pg_class'::regclass AND i.objoid = a.attrelid AND i.objsubid = a.attnum))
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::regclass, p.oid, 0, p.proacl, p.pronamespace, 'f', p.proowner
      FROM pg_catalog.pg_proc p
    UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, t.oid, 0, t.typacl, t.typnamespace, 'T', t.typowner
      FROM pg_catalog.pg_type t
    UNION ALL
    SELECT 'pg_catalog.pg_namespace'::regclass, n.oid, 0, n.nspacl, n.oid, 'n', n.nspowner
      FROM pg_catalog.pg_namespace n
     WHERE n.nspname = 'pg_catalog' -- others have their statements
    UNION ALL
    SELECT 'pg_catalog.pg_language'::regclass, l.oid, 0, l.lanacl, CAST(0 AS oid), 'l', l.lanowner
      FROM pg_catalog.pg_language l
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_data_wrapper'::regclass, w.oid, 0, w.fdwacl, CAST(0 AS oid), 'F', w.fdwowner
      FROM pg_catalog.pg_foreign_data_wrapper w
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_server'::regclass, s.oid, 0, s.srvacl, CAST(0 AS oid), 'S', s.srvowner
      FROM pg_catalog.pg_foreign_server s
), changed AS (
    -- NULL stands for what everybody has by default; a right that was taken away and given back has only changed its place
    SELECT COALESCE(t.acl, pg_catalog.acldefault(t.kind, t.owner)) AS now,
           COALESCE(i.initprivs, pg_catalog.acldefault(t.kind, t.owner)) AS initial
      FROM thing t
      LEFT JOIN pg_catalog.pg_init_privs i ON i.classoid = t.catalog AND i.objoid = t.oid AND i.objsubid = t.part
     WHERE t.acl IS DISTINCT FROM i.initprivs
       AND (t.schema = 'pg_catalog'::regnamespace
            OR t.catalog = 'pg_catalog.pg_language'::regclass AND t.oid < 16384 -- the server's own
            OR EXISTS (SELECT FROM pg_catalog.pg_depend d
                        WHERE d.classid = t.catalog AND d.objid = t.oid AND d.objsubid = 0 AND d.deptype = 'e'))
)
SELECT what, count
  FROM (VALUES
    ('default privileges', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_default_acl)),
    ('user mappings', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_user_mappings)),
    ('comments on extensions, other than their own', (SELECT pg_catalog.count(*)
                                                        FROM pg_catalog.pg_extension e
                                                        JOIN pg_catalog.pg_available_extensions() a ON a.name = e.extname
                                                       WHERE pg_catalog.obj_description(e.oid, 'pg_extension')
                                                             IS DISTINCT FROM a.comment)),
    ('tables whose rows extensions mark as to be dumped', (SELECT COALESCE(pg_catalog.sum(pg_catalog.cardinality(e.extconfig)), 0)
                                                             FROM pg_catalog.pg_extension e)),
    ('dependencies on extensions', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_depend d WHERE d.deptype = 'x')),
    ('grants and revocations on objects of PostgreSQL and of extensions',
     (SELECT pg_catalog.count(*)
        FROM changed c
       CROSS JOIN LATERAL (
             (SELECT a.grantee, a.privilege_type, a.is_grantable FROM pg_catalog.aclexplode(c.now) a
               EXCEPT
              SELECT a.grantee, a.privilege_type, a.is_grantable FROM pg_catalog.aclexplode(c.initial) a)
             UNION ALL
             (SELECT a.grantee, a.privilege_type, a.is_grantable FROM pg_catalog.aclexplode(c.initial) a
               EXCEPT
              SELECT a.grantee, a.privilege_type, a.is_grantable FROM pg_catalog.aclexplode(c.now) a)) AS unlike)),
    ('shell types', (SELECT pg_catalog.count(*)
                       FROM pg_catalog.pg_type t
                       JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
                      WHERE t.typtype = 'p' AND NOT t.typisdefined AND n.nspname !~ '^pg_'
                        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                                         WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'))),
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
                                                           WHERE c.relkind = 'I' AND c.reloptions IS NOT NULL))
  ) AS kinds (what, count)
 WHERE count > 0
