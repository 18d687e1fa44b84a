-- id: index-unused
-- title: Unused indexes
-- category: indexes
-- severity: info
-- confidence: estimated
-- impact: bytes
-- reads: primary
-- threshold: min_bytes = 10485760 bytes — Smallest index that is reported.
-- threshold: max_scans = 0 scans — Most scans an index may have had and still count as unused.
-- threshold: min_days = 14 days — Statistics younger than this prove nothing.
-- meaning: Queries have not used the index since statistics began, on the primary or on the configured replica, while
--   every write maintains it. Unique indexes, those that back a constraint or a foreign key (partial ones too, where they
--   leave out only NULL), by which the table is clustered or replicated, whose expressions were given a statistics target,
--   and those of tables of an extension are never reported; nor is one beside a copy, or beside a shorter one on its
--   leading columns, that is used: see index-duplicate and index-redundant. The index of a partitioned table counts as one.
--   An index on expressions also gives the planner their statistics, and if it is not known when statistics began, on
--   either server, or there are standbys that Caretaker was not told of, nobody knows of their queries: such findings are
--   rules of thumb. As long as statistics of either server are too young, the indexes are counted as not seen.
-- remedy: Make sure that no rare job (end of quarter, restore, migration) needs it, then drop it. That of a partitioned
--   table cannot be dropped concurrently, so the statement waits for the table at most two seconds.
WITH RECURSIVE key AS (
    SELECT k.oid, k.conrelid, k.confrelid, k.confkey, k.conkey, k.conpfeqop,
           coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false) AS temporal, ARRAY[k.conrelid] AS relations
    FROM pg_constraint k
    WHERE k.contype = 'f'
), @key_indexes@, servers AS (
    SELECT d.stats_reset,
           -- of those that may answer queries the configured replica is one
           greatest(0, (SELECT count(*) FROM pg_stat_replication w
                        WHERE w.state <> 'backup'
                          AND w.pid NOT IN (SELECT l.active_pid FROM pg_replication_slots l
                                            WHERE l.slot_type = 'logical' AND l.active_pid IS NOT NULL))
                       - CASE WHEN r.answer IS NULL THEN 0 ELSE 1 END) AS standbys_not_asked,
           r.answer -> 'scans' AS replica,
           (r.answer ->> 'since')::timestamptz AS replica_reset
    FROM pg_stat_database d
    CROSS JOIN (SELECT CAST(:replica_index_scans AS jsonb) AS answer) r
    WHERE d.datname = current_database()
), known AS (
    -- the later beginning is what counts; greatest() passes over what is not known
    SELECT s.*,
           extract(epoch FROM clock_timestamp() - greatest(s.stats_reset, s.replica_reset)) / 86400 AS days,
           s.stats_reset IS NULL OR (s.replica IS NOT NULL AND s.replica_reset IS NULL) AS unsure
    FROM servers s
), needed AS (
    SELECT i.indexrelid
    FROM pg_index i
    WHERE i.indisreplident
       OR i.indisclustered
       OR EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
       OR EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid IN (i.indexrelid, i.indrelid) AND d.deptype = 'e')
       -- ALTER INDEX … SET STATISTICS: somebody wants to know the expression well
       OR EXISTS (SELECT FROM pg_attribute x WHERE x.attrelid = i.indexrelid AND x.attstattarget >= 0)
       -- without it the next delete of a referenced row reads the whole table
       OR i.indexrelid IN (SELECT x.index FROM key_index x)
    UNION
    -- dropping a partitioned index drops those of the partitions
    SELECT h.inhparent FROM needed m JOIN pg_inherits h ON h.inhrelid = m.indexrelid
), tree AS (
    SELECT i.indexrelid AS root, i.indexrelid AS member
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE i.indisvalid
      AND NOT i.indisunique
      AND NOT i.indisexclusion
      AND NOT c.relispartition
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT t.root, h.inhrelid FROM tree t JOIN pg_inherits h ON h.inhparent = t.member
), scanned AS (
    SELECT t.root,
           sum(coalesce(pg_stat_get_numscans(t.member), 0)) AS scans,
           sum(coalesce((k.replica ->> t.member::bigint::text)::bigint, 0)) AS replica_scans,
           array_agg(t.member) AS members
    FROM tree t
    CROSS JOIN known k
    GROUP BY t.root
), used AS (
    SELECT s.*
    FROM scanned s
    JOIN pg_index i ON i.indexrelid = s.root
    JOIN pg_class c ON c.oid = s.root
    WHERE s.scans + s.replica_scans <= :max_scans
      AND s.root NOT IN (SELECT m.indexrelid FROM needed m)
      -- if that one goes because of this one, this one is used
      AND NOT EXISTS (
          SELECT FROM pg_index o
          JOIN pg_class oc ON oc.oid = o.indexrelid AND oc.relam = c.relam
          JOIN pg_am a ON a.oid = c.relam
          JOIN scanned os ON os.root = o.indexrelid
          WHERE o.indrelid = i.indrelid
            AND o.indexrelid <> i.indexrelid
            AND NOT o.indisclustered
            AND os.scans + os.replica_scans > :max_scans
            AND (o.indnkeyatts = i.indnkeyatts OR (o.indnkeyatts < i.indnkeyatts AND a.amname = 'btree'))
            AND (i.indkey::int2[])[0 : o.indnkeyatts - 1] = (o.indkey::int2[])[0 : o.indnkeyatts - 1]
            AND (i.indclass::oid[])[0 : o.indnkeyatts - 1] = (o.indclass::oid[])[0 : o.indnkeyatts - 1]
            AND (i.indcollation::oid[])[0 : o.indnkeyatts - 1] = (o.indcollation::oid[])[0 : o.indnkeyatts - 1]
            AND (i.indoption::int2[])[0 : o.indnkeyatts - 1] = (o.indoption::int2[])[0 : o.indnkeyatts - 1]
            AND starts_with(regexp_replace(coalesce(i.indexprs::text, ''), ':location -?\d+', '', 'g'),
                            rtrim(regexp_replace(coalesce(o.indexprs::text, ''), ':location -?\d+', '', 'g'), ')'))
            AND regexp_replace(coalesce(i.indpred::text, ''), ':location -?\d+', '', 'g')
                = regexp_replace(coalesce(o.indpred::text, ''), ':location -?\d+', '', 'g'))
)
SELECT 'index' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       size.bytes AS impact,
       CASE WHEN k.days < :min_days THEN 1 ELSE 0 END AS unseen,
       CASE WHEN k.unsure OR k.standbys_not_asked > 0 OR i.indexprs IS NOT NULL THEN 'heuristic' END AS confidence,
       format('Index %I of table %I.%I was scanned %s %s.', c.relname, tn.nspname, t.relname,
              to_char((u.scans + u.replica_scans), 'FM999,999,999,999,990') || CASE (u.scans + u.replica_scans) WHEN 1 THEN ' time' ELSE ' times' END,
              CASE WHEN k.unsure THEN 'since statistics began'
                   ELSE format('in %s days', floor(k.days)) END)
       || CASE WHEN i.indexprs IS NOT NULL THEN ' The planner also knows its expressions from it.' ELSE '' END AS message,
       jsonb_build_object('table', format('%I.%I', tn.nspname, t.relname), 'bytes', size.bytes, 'scans', u.scans,
                          'replica_scans', CASE WHEN k.replica IS NOT NULL THEN u.replica_scans END,
                          'last_scan', (SELECT max(to_jsonb(s) ->> 'last_idx_scan') FROM pg_stat_all_indexes s
                                        WHERE s.indexrelid = ANY (u.members)),
                          'statistics_since', k.stats_reset, 'replica_statistics_since', k.replica_reset,
                          'standbys_not_asked', k.standbys_not_asked,
                          'expressions', i.indexprs IS NOT NULL) AS evidence,
       CASE WHEN c.relkind = 'I'
            THEN format('BEGIN; SET LOCAL lock_timeout = ''2s''; DROP INDEX %I.%I; COMMIT;', n.nspname, c.relname)
            ELSE format('DROP INDEX CONCURRENTLY %I.%I;', n.nspname, c.relname)
       END AS remediation
FROM used u
CROSS JOIN known k
JOIN pg_class c ON c.oid = u.root
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_index i ON i.indexrelid = u.root
JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace tn ON tn.oid = t.relnamespace
CROSS JOIN LATERAL (
    SELECT sum(CASE WHEN m.relkind = 'I' THEN 0
                    -- what was small when last counted is taken at that: opening every relation costs the server memory
                    WHEN m.oid = ANY (:locked) OR (m.relpages > 0 AND l.bytes * 16 < :min_bytes) THEN l.bytes
                    ELSE coalesce(pg_relation_size(m.oid), 0) END)::bigint AS bytes
    FROM pg_class m
    CROSS JOIN LATERAL (SELECT m.relpages * current_setting('block_size')::bigint AS bytes) l
    WHERE m.oid = ANY (u.members)) size
WHERE size.bytes >= :min_bytes
