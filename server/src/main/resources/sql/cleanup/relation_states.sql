-- What relations are right now: name, storage and a hash of all in their schema that a cleanup depends on. Partitions of
-- referencing tables come and go without changing it, and so do indexes, which steps check by themselves.
SELECT CAST(c.oid AS bigint) AS oid,
       n.nspname,
       c.relname,
       CAST(coalesce(pg_catalog.pg_relation_filenode(c.oid), 0) AS bigint) AS relfilenode,
       pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(CAST(pg_catalog.json_build_array(
           n.nspname,
           c.relname,
           c.relkind,
           c.relpersistence,
           c.relrowsecurity,
           c.relforcerowsecurity,
           pg_catalog.pg_get_expr(c.relpartbound, c.oid),
           pg_catalog.pg_get_partkeydef(c.oid),
           (SELECT pg_catalog.array_agg(CAST(i.inhparent AS bigint) ORDER BY i.inhseqno)
              FROM pg_catalog.pg_inherits i WHERE i.inhrelid OPERATOR(pg_catalog.=) c.oid),
           (SELECT pg_catalog.json_agg(
                       pg_catalog.json_build_array(a.attnum, a.attname, CAST(a.atttypid AS bigint), a.atttypmod)
                       ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute a
             WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid
               AND a.attnum OPERATOR(pg_catalog.>) 0
               AND NOT a.attisdropped),
           (SELECT pg_catalog.json_agg(
                       pg_catalog.json_build_array(t.tgname, CAST(t.tgfoid AS bigint), t.tgtype, t.tgenabled)
                       ORDER BY t.tgname)
              FROM pg_catalog.pg_trigger t
             WHERE t.tgrelid OPERATOR(pg_catalog.=) c.oid
               AND (NOT t.tgisinternal
                    OR (t.tgparentid OPERATOR(pg_catalog.<>) CAST(0 AS pg_catalog.oid)
                        AND t.tgconstraint OPERATOR(pg_catalog.=) CAST(0 AS pg_catalog.oid)))
               AND (t.tgtype OPERATOR(pg_catalog.&) 8) OPERATOR(pg_catalog.<>) 0),
           (SELECT pg_catalog.json_agg(
                       pg_catalog.json_build_array(t.tgname, CAST(t.tgfoid AS bigint), t.tgtype, t.tgenabled)
                       ORDER BY t.tgrelid, t.tgname)
              FROM pg_catalog.pg_partition_ancestors(c.oid) above (oid)
              JOIN pg_catalog.pg_trigger t ON t.tgrelid OPERATOR(pg_catalog.=) CAST(above.oid AS pg_catalog.oid)
             WHERE CAST(above.oid AS pg_catalog.oid) OPERATOR(pg_catalog.<>) c.oid
               AND NOT t.tgisinternal
               AND (t.tgtype OPERATOR(pg_catalog.&) 8) OPERATOR(pg_catalog.<>) 0
               AND (t.tgtype OPERATOR(pg_catalog.&) 1) OPERATOR(pg_catalog.=) 0),
           (SELECT pg_catalog.array_agg(r.rulename ORDER BY r.rulename)
              FROM pg_catalog.pg_rewrite r
             WHERE r.ev_class OPERATOR(pg_catalog.=) c.oid
               AND r.ev_type OPERATOR(pg_catalog.=) '4'
               AND r.ev_enabled OPERATOR(pg_catalog.=) ANY (CAST('{O,A}' AS pg_catalog."char"[]))),
           (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(f.child, f.confdeltype, f.confkey) ORDER BY f.*)
              FROM (SELECT DISTINCT
                           CAST(coalesce(pg_catalog.pg_partition_root(k.conrelid), k.conrelid) AS bigint) AS child,
                           k.confdeltype, k.confkey
                      FROM pg_catalog.pg_constraint k
                     WHERE k.contype OPERATOR(pg_catalog.=) 'f'
                       AND k.confrelid OPERATOR(pg_catalog.=) c.oid) f)
       ) AS pg_catalog.text), 'UTF8')), 'hex') AS fingerprint
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
 WHERE c.oid OPERATOR(pg_catalog.=) ANY (CAST(? AS pg_catalog.oid[]))
