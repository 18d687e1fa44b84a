-- Kinds of objects that no backup holds, by whichever engine, with how many there are. What connects to elsewhere, and labels of
-- providers that may not be there, are left out on purpose.
SELECT what, count
  FROM (VALUES
    ('subscriptions', (SELECT pg_catalog.count(*)
                         FROM pg_catalog.pg_subscription s
                        WHERE s.subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))),
    ('settings of the database', (SELECT pg_catalog.count(*)
                                    FROM pg_catalog.pg_db_role_setting s
                                    JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
                                   WHERE d.datname = pg_catalog.current_database())),
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
                                    FROM pg_catalog.pg_shdescription c
                                    JOIN pg_catalog.pg_database d ON d.oid = c.objoid
                                   WHERE c.classoid = 'pg_catalog.pg_database'::regclass
                                     AND d.datname = pg_catalog.current_database())),
    ('comments on types of tables, arrays and multiranges',
     (SELECT pg_catalog.count(*)
        FROM pg_catalog.pg_description d
        JOIN pg_catalog.pg_type t ON t.oid = d.objoid
        JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
       WHERE d.classoid = 'pg_catalog.pg_type'::regclass AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
         AND (t.typtype = 'm' OR EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
              OR EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')))),
    ('pending detaches of partitions', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_inherits i WHERE i.inhdetachpending)),
    ('security labels', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_seclabel)),
    ('indexes that are not valid', (SELECT pg_catalog.count(*)
                                      FROM pg_catalog.pg_index x
                                      JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
                                     WHERE NOT x.indisvalid AND i.relkind = 'i'))
  ) AS kinds (what, count)
 WHERE count > 0
