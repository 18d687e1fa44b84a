-- Event triggers that fire when a table is detached or dropped and may refuse it; those of extensions do not.
SELECT e.evtname AS name, n.nspname OPERATOR(pg_catalog.||) '.' OPERATOR(pg_catalog.||) p.proname AS function
  FROM pg_catalog.pg_event_trigger e
  JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) e.evtfoid
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
 WHERE e.evtenabled OPERATOR(pg_catalog.=) ANY (CAST('{O,A}' AS pg_catalog."char"[]))
   AND e.evtevent OPERATOR(pg_catalog.=) ANY (CAST('{ddl_command_start,ddl_command_end,sql_drop}' AS pg_catalog.name[]))
   AND (e.evttags IS NULL OR e.evttags OPERATOR(pg_catalog.&&) CAST(ARRAY['ALTER TABLE', 'DROP TABLE'] AS text[]))
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
                      AND d.objid OPERATOR(pg_catalog.=) p.oid
                      AND d.deptype OPERATOR(pg_catalog.=) 'e')
 ORDER BY e.evtname
