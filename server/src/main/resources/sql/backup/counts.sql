-- Objects of the database that pg_dump holds and that have no statements of ours, by kind.
SELECT kind, count
  FROM (VALUES
    ('large objects', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_largeobject_metadata)),
    ('foreign tables', (SELECT pg_catalog.count(*)
                          FROM pg_catalog.pg_class o
                          JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace
                         WHERE o.relkind = 'f' AND n.nspname !~ '^pg_' AND NOT EXISTS (
                               SELECT FROM pg_catalog.pg_depend d
                                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('foreign servers', (SELECT pg_catalog.count(*)
                           FROM pg_catalog.pg_foreign_server o
                          WHERE NOT EXISTS (
                                SELECT FROM pg_catalog.pg_depend d
                                 WHERE d.classid = 'pg_catalog.pg_foreign_server'::regclass AND d.objid = o.oid
                                   AND d.deptype = 'e'))),
    ('publications', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_publication)),
    ('event triggers', (SELECT pg_catalog.count(*)
                          FROM pg_catalog.pg_event_trigger o
                         WHERE o.evtname <> 'caretaker_refuse_extension' -- of the scratch database
                           AND NOT EXISTS (
                               SELECT FROM pg_catalog.pg_depend d
                                WHERE d.classid = 'pg_catalog.pg_event_trigger'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('aggregates', (SELECT pg_catalog.count(*)
                      FROM pg_catalog.pg_proc o
                      JOIN pg_catalog.pg_namespace n ON n.oid = o.pronamespace
                     WHERE o.prokind = 'a' AND n.nspname !~ '^pg_' AND NOT EXISTS (
                           SELECT FROM pg_catalog.pg_depend d
                            WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('operators', (SELECT pg_catalog.count(*)
                     FROM pg_catalog.pg_operator o
                     JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
                    WHERE n.nspname !~ '^pg_' AND NOT EXISTS (
                          SELECT FROM pg_catalog.pg_depend d
                           WHERE d.classid = 'pg_catalog.pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('casts', (SELECT pg_catalog.count(*)
                 FROM pg_catalog.pg_cast o
                WHERE o.oid >= 16384 AND NOT EXISTS (
                      SELECT FROM pg_catalog.pg_depend d
                       WHERE d.classid = 'pg_catalog.pg_cast'::regclass AND d.objid = o.oid AND d.deptype IN ('e', 'i')))),
    ('collations', (SELECT pg_catalog.count(*)
                      FROM pg_catalog.pg_collation o
                      JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace
                     WHERE n.nspname !~ '^pg_')),
    ('text search configurations', (SELECT pg_catalog.count(*)
                                      FROM pg_catalog.pg_ts_config o
                                      JOIN pg_catalog.pg_namespace n ON n.oid = o.cfgnamespace
                                     WHERE n.nspname !~ '^pg_' AND NOT EXISTS (
                                           SELECT FROM pg_catalog.pg_depend d
                                            WHERE d.classid = 'pg_catalog.pg_ts_config'::regclass AND d.objid = o.oid
                                              AND d.deptype = 'e')))
  ) AS kinds (kind, count)
 WHERE count > 0
