-- What relations are right now: name, storage and a hash of all in their schema that a cleanup depends on. Partitions of
-- referencing tables come and go without changing it, and so do indexes, which steps check by themselves.
SELECT c.oid::bigint AS oid,
       n.nspname,
       c.relname,
       coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::bigint AS relfilenode,
       pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.json_build_array(
           n.nspname,
           c.relname,
           c.relkind,
           c.relpersistence,
           c.relrowsecurity,
           c.relforcerowsecurity,
           pg_catalog.pg_get_expr(c.relpartbound, c.oid),
           pg_catalog.pg_get_partkeydef(c.oid),
           (SELECT pg_catalog.array_agg(i.inhparent::bigint ORDER BY i.inhseqno)
              FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid),
           (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attnum, a.attname, a.atttypid::bigint, a.atttypmod)
                                       ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
           (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(t.tgname, t.tgfoid::bigint, t.tgtype, t.tgenabled)
                                       ORDER BY t.tgname)
              FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgtype & 8 <> 0),
           (SELECT pg_catalog.array_agg(r.rulename ORDER BY r.rulename)
              FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid),
           (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(f.child, f.confdeltype, f.confkey) ORDER BY f.*)
              FROM (SELECT DISTINCT coalesce(pg_catalog.pg_partition_root(k.conrelid), k.conrelid)::bigint AS child,
                                    k.confdeltype, k.confkey
                      FROM pg_catalog.pg_constraint k
                     WHERE k.contype = 'f' AND k.confrelid = c.oid) f)
       )::text, 'UTF8')), 'hex') AS fingerprint
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid = ANY (CAST(? AS bigint[])::oid[])
