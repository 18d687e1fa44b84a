-- A hash of all on which it depends that rows of one table arrive in another as they were: columns of both, and what might change
-- or keep rows that are inserted. Asked in every batch, by the oid of the first and the name of the second.
SELECT pg_catalog.md5(CAST(pg_catalog.json_build_array(
           (SELECT pg_catalog.json_agg(
                       pg_catalog.json_build_array(a.attnum, a.attname, CAST(a.atttypid AS bigint), a.atttypmod, a.attgenerated)
                       ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute a
             WHERE a.attrelid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)
               AND a.attnum OPERATOR(pg_catalog.>) 0
               AND NOT a.attisdropped),
           (SELECT pg_catalog.json_agg(
                       pg_catalog.json_build_array(
                           CAST(tree.relid AS pg_catalog.oid), c.relkind, c.relpersistence, c.relrowsecurity,
                           c.relforcerowsecurity,
                           (SELECT pg_catalog.json_agg(
                                       pg_catalog.json_build_array(
                                           a.attnum, a.attname, CAST(a.atttypid AS bigint), a.atttypmod, a.attgenerated)
                                       ORDER BY a.attnum)
                              FROM pg_catalog.pg_attribute a
                             WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid
                               AND a.attnum OPERATOR(pg_catalog.>) 0
                               AND NOT a.attisdropped),
                           (SELECT pg_catalog.json_agg(
                                       pg_catalog.json_build_array(t.tgname, t.tgtype, t.tgenabled) ORDER BY t.tgname)
                              FROM pg_catalog.pg_trigger t
                             WHERE t.tgrelid OPERATOR(pg_catalog.=) c.oid
                               AND NOT t.tgisinternal),
                           (SELECT pg_catalog.array_agg(r.rulename ORDER BY r.rulename)
                              FROM pg_catalog.pg_rewrite r
                             WHERE r.ev_class OPERATOR(pg_catalog.=) c.oid))
                       ORDER BY CAST(tree.relid AS pg_catalog.oid))
              FROM pg_catalog.pg_class kept
              JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) kept.relnamespace
             CROSS JOIN LATERAL (
                   SELECT kept.oid AS relid
                    UNION
                   SELECT CAST(part.relid AS pg_catalog.oid)
                     FROM pg_catalog.pg_partition_tree(kept.oid) part) tree
              JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) tree.relid
             WHERE n.nspname OPERATOR(pg_catalog.=) ?
               AND kept.relname OPERATOR(pg_catalog.=) ?)) AS pg_catalog.text)) AS signature
