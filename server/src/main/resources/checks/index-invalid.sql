-- id: index-invalid
-- title: Invalid indexes
-- category: indexes
-- severity: warning
-- confidence: certain
-- impact: bytes
-- reads: primary
-- meaning: An index that Postgres marks invalid is kept up to date by every write but used by no query. It is what an
--   interrupted CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY leaves behind; the latter names its leftovers _ccnew
--   and _ccold. Indexes of a table on which a build is going on are not reported.
-- remedy: Drop a leftover of REINDEX: the index it was to replace is still there. Rebuild any other one; if the build of
--   a unique index failed because of duplicates, remove those first.
WITH building AS (
    SELECT DISTINCT l.relation
    FROM pg_stat_progress_create_index p
    JOIN pg_locks l ON l.pid = p.pid
    WHERE l.locktype = 'relation'
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
), invalid AS (
    SELECT c.oid, n.nspname, c.relname, t.relname AS table_name, tn.nspname AS table_schema, t.relkind AS table_kind,
           i.indisunique,
           c.relname ~ '_cc(new|old)[0-9]*$' AS leftover,
           owner.relname AS owner_name, ownern.nspname AS owner_schema,
           CASE WHEN c.oid = ANY (:locked) THEN c.relpages * current_setting('block_size')::bigint
                ELSE coalesce(pg_relation_size(c.oid), 0) END AS bytes
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_namespace tn ON tn.oid = t.relnamespace
    LEFT JOIN pg_class owner ON owner.reltoastrelid = t.oid
    LEFT JOIN pg_namespace ownern ON ownern.oid = owner.relnamespace
    WHERE NOT i.indisvalid
      AND c.relkind = 'i'
      AND c.relpersistence <> 't'
      AND NOT EXISTS (SELECT FROM building b WHERE b.relation IN (t.oid, owner.oid))
)
SELECT 'index' AS object_kind,
       coalesce(owner_schema, nspname) AS schema_name,
       relname AS object_name,
       bytes AS impact,
       CASE WHEN leftover
            THEN format('Index %I of table %I.%I is the leftover of an interrupted REINDEX CONCURRENTLY.',
                        relname, coalesce(owner_schema, table_schema), coalesce(owner_name, table_name))
            ELSE format('Index %I of table %I.%I is invalid: its build failed or was interrupted.',
                        relname, coalesce(owner_schema, table_schema), coalesce(owner_name, table_name))
       END AS message,
       jsonb_build_object('table', format('%I.%I', table_schema, table_name), 'bytes', bytes,
                          'leftover', leftover, 'unique', indisunique) AS evidence,
       format(CASE WHEN leftover THEN 'DROP INDEX CONCURRENTLY %I.%I;' ELSE 'REINDEX INDEX CONCURRENTLY %I.%I;' END,
              nspname, relname) AS remediation
FROM invalid
