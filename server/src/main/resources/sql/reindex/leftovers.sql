-- What REINDEX CONCURRENTLY left: invalid indexes named like those that it makes (_ccnew while it builds, _ccold when it has
-- swapped; names are cut to what a name may be, and may fall short of that by a part of a letter), beside the index of that
-- name and of the same definition. Of one table, or of all for 0; those of a table's TOAST table are the table's. builder is
-- a session that builds on the table now. The first parameter: whether the target acts as the owner of each table.
WITH definitions AS (
    SELECT i.indexrelid, i.indrelid, i.indisvalid, i.indislive, c.relname,
           (c.relam, i.indnkeyatts, i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text, i.indisunique,
            coalesce(pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct', 'false'),
            -- node trees carry the place of the expression in the statement that made it
            pg_catalog.regexp_replace(coalesce(i.indexprs::text, ''), ':location -?\d+', '', 'g'),
            pg_catalog.regexp_replace(coalesce(i.indpred::text, ''), ':location -?\d+', '', 'g'),
            (SELECT pg_catalog.array_agg(a.attoptions::text ORDER BY a.attnum)
               FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = i.indexrelid)::text)::text AS signature
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid IN (SELECT b.indrelid FROM pg_catalog.pg_index b WHERE NOT b.indisvalid)
), copies AS (
    SELECT d.*, (pg_catalog.regexp_match(d.relname, '^(.+)_cc(?:new|old)[0-9]*$'))[1] AS stem
      FROM definitions d
     WHERE NOT d.indisvalid
)
SELECT c.oid                                AS oid,
       n.nspname                            AS schema,
       c.relname                            AS name,
       original.relname                     AS original,
       t.oid                                AS table_oid,
       tn.nspname                           AS table_schema,
       t.relname                            AS table_name,
       CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_locks l
                          WHERE l.locktype = 'relation' AND l.relation = c.oid AND l.mode = 'AccessExclusiveLock'
                            AND l.pid <> pg_catalog.pg_backend_pid())
            THEN 0 ELSE pg_catalog.pg_relation_size(c.oid) END AS bytes,
       -- what it builds on only some may see, what it locks everybody
       (SELECT pg_catalog.min(b.pid)
          FROM pg_catalog.pg_stat_progress_create_index b
          JOIN pg_catalog.pg_locks l ON l.pid = b.pid AND l.locktype = 'relation' AND l.relation IN (x.indrelid, t.oid)
          JOIN pg_catalog.pg_database d ON d.oid = l.database AND d.datname = pg_catalog.current_database()) AS builder,
       CASE WHEN given.as_owner
            THEN pg_catalog.pg_has_role(session_user, t.relowner,
                CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
            ELSE pg_catalog.pg_has_role(t.relowner, 'USAGE') END AS owned,
       -- of pg_toast nobody has it by default, so that owners cannot name what is in it
       CASE WHEN given.as_owner THEN pg_catalog.has_schema_privilege(t.relowner, n.oid, 'USAGE')
            ELSE pg_catalog.has_schema_privilege(n.oid, 'USAGE') END AS reachable
  FROM copies x
 CROSS JOIN (SELECT CAST(? AS boolean) AS as_owner) given
  JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid AND c.relkind = 'i' AND NOT c.relispartition
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_class heap ON heap.reltoastrelid = x.indrelid
  JOIN pg_catalog.pg_class t ON t.oid = coalesce(heap.oid, x.indrelid)
  JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
 CROSS JOIN LATERAL (
    SELECT o.relname
      FROM definitions o
     WHERE o.indrelid = x.indrelid
       AND o.indexrelid <> x.indexrelid
       AND o.indislive
       AND o.signature = x.signature
       AND (o.relname = x.stem
            OR (pg_catalog.starts_with(o.relname, x.stem)
                AND pg_catalog.octet_length(x.relname) >= pg_catalog.current_setting('max_identifier_length')::int - 3))
     ORDER BY o.relname = x.stem DESC, o.indisvalid DESC, o.indexrelid
     LIMIT 1) original
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = c.oid)
   AND (CAST(? AS pg_catalog.oid) = 0 OR t.oid = CAST(? AS pg_catalog.oid))
 ORDER BY tn.nspname, t.relname, c.relname
