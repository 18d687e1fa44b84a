-- id: index-invalid
-- title: Invalid indexes
-- category: indexes
-- severity: warning
-- confidence: certain
-- impact: bytes
-- reads: primary
-- meaning: An index that Postgres marks invalid is kept up to date by every write but used by no query. It is what an
--   interrupted CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY leaves behind. It is a leftover of the latter if it is
--   named so (the name of an index, then _ccnew or _ccold) and the index of that name has the same definition. A name alone
--   proves nothing. Indexes of a table on which a build is going on are not reported.
-- remedy: Drop a leftover, and a copy of a valid index: what it was to replace is still there. One in pg_toast only superusers
--   can drop, and roles with USAGE on that schema. Rebuild any other index with REINDEX INDEX CONCURRENTLY. If it is unique remove duplicate rows first, and if it has expressions or a predicate look
--   whether they fail on a row: else the rebuild fails too and leaves one more, and so no statement is told for these.
WITH building AS (
    SELECT DISTINCT l.relation
    FROM pg_stat_progress_create_index p
    JOIN pg_locks l ON l.pid = p.pid
    WHERE l.locktype = 'relation'
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
), definitions AS (
    SELECT i.indexrelid, i.indrelid, i.indisvalid, i.indislive, c.relname,
           (c.relam, i.indnkeyatts, i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text, i.indisunique,
            coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', 'false'),
            -- node trees carry the place of the expression in the statement that made it
            regexp_replace(coalesce(i.indexprs::text, ''), ':location -?\d+', '', 'g'),
            regexp_replace(coalesce(i.indpred::text, ''), ':location -?\d+', '', 'g'),
            (SELECT array_agg(a.attoptions::text ORDER BY a.attnum) FROM pg_attribute a
             WHERE a.attrelid = i.indexrelid)::text)::text AS signature
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid IN (SELECT b.indrelid FROM pg_index b WHERE NOT b.indisvalid)
), invalid AS (
    SELECT c.oid, n.nspname, c.relname, t.relname AS table_name, tn.nspname AS table_schema,
           i.indisunique, i.indexprs IS NOT NULL OR i.indpred IS NOT NULL AS has_expressions,
           owner.relname AS owner_name, ownern.nspname AS owner_schema,
           twin.relname AS twin, twin.indisvalid AS twin_is_valid, coalesce(twin.named, false) AS leftover,
           c.relname ~ '_cc(new|old)[0-9]*$' AS named_like_one,
           c.relispartition OR EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid) AS needed,
           CASE WHEN c.oid = ANY (:locked) THEN c.relpages * current_setting('block_size')::bigint
                ELSE coalesce(pg_relation_size(c.oid), 0) END AS bytes
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_namespace tn ON tn.oid = t.relnamespace
    JOIN definitions d ON d.indexrelid = i.indexrelid
    LEFT JOIN pg_class owner ON owner.reltoastrelid = t.oid
    LEFT JOIN pg_namespace ownern ON ownern.oid = owner.relnamespace
    LEFT JOIN LATERAL (
        SELECT o.relname, o.indisvalid,
               coalesce(o.relname = s.stem
                        -- names are cut to what a name may be, and may fall short of that by a part of a letter
                        OR (starts_with(o.relname, s.stem)
                            AND octet_length(c.relname) >= current_setting('max_identifier_length')::int - 3), false) AS named
        FROM definitions o
        CROSS JOIN (SELECT (regexp_match(c.relname, '^(.+)_cc(?:new|old)[0-9]*$'))[1] AS stem) s
        WHERE o.indrelid = d.indrelid
          AND o.signature = d.signature
          AND o.indexrelid <> d.indexrelid
          AND o.indislive
        ORDER BY named DESC, o.indisvalid DESC, o.indexrelid
        LIMIT 1) twin ON true
    WHERE NOT i.indisvalid
      AND c.relkind = 'i'
      AND c.relpersistence <> 't'
      AND NOT EXISTS (SELECT FROM building b WHERE b.relation IN (t.oid, owner.oid))
)
SELECT 'index' AS object_kind,
       coalesce(owner_schema, nspname) AS schema_name,
       relname AS object_name,
       bytes AS impact,
       format('Index %I of table %I.%I %s.', relname, coalesce(owner_schema, table_schema), coalesce(owner_name, table_name),
              CASE WHEN leftover THEN 'is the leftover of an interrupted REINDEX CONCURRENTLY'
                   WHEN twin_is_valid THEN format('is invalid; index %I has the same definition and is valid', twin)
                   ELSE 'is invalid: its build failed or was interrupted'
                        || CASE WHEN named_like_one THEN ' (it is named like a leftover of REINDEX, but is no copy of another index)'
                                ELSE '' END
              END) AS message,
       jsonb_build_object('table', format('%I.%I', table_schema, table_name), 'bytes', bytes,
                          'leftover', leftover, 'copy_of', twin, 'unique', indisunique) AS evidence,
       CASE WHEN (leftover OR twin_is_valid) AND NOT needed THEN format('DROP INDEX CONCURRENTLY %I.%I;', nspname, relname)
            WHEN NOT indisunique AND NOT has_expressions AND owner_name IS NULL
            THEN format('REINDEX INDEX CONCURRENTLY %I.%I;', nspname, relname)
       END AS remediation
FROM invalid
