-- Objects of the database that pg_dump holds and that have no statements of ours, by kind; none of extensions, which bring theirs.
SELECT kind, count
  FROM (VALUES
    ('large objects', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_largeobject_metadata o)),
    ('foreign tables', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_class o
          JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace
         WHERE o.relkind = 'f' AND n.nspname !~ '^pg_' AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('foreign servers', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_foreign_server o
         WHERE NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_foreign_server'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('foreign data wrappers', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_foreign_data_wrapper o
         WHERE NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_foreign_data_wrapper'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('publications', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_publication o)),
    ('event triggers', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_event_trigger o
         WHERE o.evtname <> 'caretaker_refuse_extension' -- of the scratch database
            AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_event_trigger'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('aggregates', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_proc o
          JOIN pg_catalog.pg_namespace n ON n.oid = o.pronamespace
         WHERE o.prokind = 'a' AND n.nspname !~ '^pg_' AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('operators', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_operator o
          JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
         WHERE n.nspname !~ '^pg_' AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('operator classes', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_opclass o
          JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
         WHERE n.nspname !~ '^pg_' AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_opclass'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('operator families', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_opfamily o
          JOIN pg_catalog.pg_namespace n ON n.oid = o.opfnamespace
         WHERE n.nspname !~ '^pg_' AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_opfamily'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('casts', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_cast o
         WHERE o.oid >= 16384 AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_cast'::regclass AND d.objid = o.oid AND d.deptype IN ('e', 'i')))),
    ('transforms', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_transform o
         WHERE NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_transform'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('conversions', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_conversion o
          JOIN pg_catalog.pg_namespace n ON n.oid = o.connamespace
         WHERE n.nspname !~ '^pg_' AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_conversion'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('languages', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_language o
         WHERE o.oid >= 16384 AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_language'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('base types', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_type o
          JOIN pg_catalog.pg_namespace n ON n.oid = o.typnamespace
         WHERE o.typtype = 'b' AND o.typisdefined AND n.nspname !~ '^pg_'
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = o.oid) AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = o.oid AND d.deptype IN ('e', 'i')))),
    ('collations', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_collation o
          JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace
         WHERE n.nspname !~ '^pg_' AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_collation'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('text search configurations', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_ts_config o
          JOIN pg_catalog.pg_namespace n ON n.oid = o.cfgnamespace
         WHERE n.nspname !~ '^pg_' AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_ts_config'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('text search dictionaries', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_ts_dict o
          JOIN pg_catalog.pg_namespace n ON n.oid = o.dictnamespace
         WHERE n.nspname !~ '^pg_' AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_ts_dict'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('text search parsers', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_ts_parser o
          JOIN pg_catalog.pg_namespace n ON n.oid = o.prsnamespace
         WHERE n.nspname !~ '^pg_' AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_ts_parser'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('text search templates', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_ts_template o
          JOIN pg_catalog.pg_namespace n ON n.oid = o.tmplnamespace
         WHERE n.nspname !~ '^pg_' AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_ts_template'::regclass AND d.objid = o.oid AND d.deptype = 'e'))),
    ('property graphs', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_class o
          JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace
         WHERE o.relkind = 'g' AND n.nspname !~ '^pg_' AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = o.oid AND d.deptype = 'e')))
  ) AS kinds (kind, count)
 WHERE count > 0
