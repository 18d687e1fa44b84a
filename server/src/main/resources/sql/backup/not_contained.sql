-- Kinds of objects that a table copy does not hold, with how many there are.
SELECT what, count
  FROM (VALUES
    ('large objects', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_largeobject_metadata)),
    ('foreign tables', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_foreign_table)),
    ('foreign servers', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_foreign_server)),
    ('publications', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_publication)),
    ('event triggers', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_event_trigger)),
    ('aggregates', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                     WHERE p.prokind = 'a' AND n.nspname !~ '^pg_' AND NOT EXISTS (
                           SELECT FROM pg_catalog.pg_depend d
                            WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'))),
    ('operators', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
                    WHERE n.nspname !~ '^pg_' AND NOT EXISTS (
                           SELECT FROM pg_catalog.pg_depend d
                            WHERE d.classid = 'pg_catalog.pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('casts', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_cast c
                WHERE c.oid >= 16384 AND NOT EXISTS (
                      SELECT FROM pg_catalog.pg_depend d
                       WHERE d.classid = 'pg_catalog.pg_cast'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'i')))),
    ('operator classes', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_opclass o
                            JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
                           WHERE n.nspname !~ '^pg_' AND NOT EXISTS (
                                 SELECT FROM pg_catalog.pg_depend d
                                  WHERE d.classid = 'pg_catalog.pg_opclass'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('default privileges', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_default_acl)),
    ('collations', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_collation o JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace
                    WHERE n.nspname !~ '^pg_')),
    ('text search configurations', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_ts_config o
                                      JOIN pg_catalog.pg_namespace n ON n.oid = o.cfgnamespace WHERE n.nspname !~ '^pg_')),
    ('security labels', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_seclabel)),
    ('indexes that are not valid', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
                                     WHERE NOT x.indisvalid AND i.relkind = 'i'))
  ) AS kinds (what, count)
 WHERE count > 0
