-- id: collation-version
-- title: Collations that sort otherwise than they did
-- category: integrity
-- severity: warning
-- confidence: estimated
-- impact: bytes
-- reads: primary
-- meaning: The version of a collation that the database has recorded is not the one that the server's library (ICU, or the C library) has
--   now: an update of the operating system, or a restore or a standby on another one, brought it. Texts may sort otherwise than when
--   indexes were built, so that queries by an index miss rows, unique keys take the same value twice, and rows of tables that are
--   partitioned by ranges of text are in the wrong partition. Collations that no index and no column uses are not reported, nor is what
--   has no version. The collation of the database has one since version 15.
-- remedy: Rebuild the indexes that use it, and have the database record the new version only then: that mends nothing, and silences
--   the server's warning. Where unique keys or ranges of text may have been violated, look for that: a rebuild of a unique index
--   fails on duplicates. Statements begin with the smallest index. A replica needs the same library as its primary.
WITH used AS (
    SELECT DISTINCT i.indexrelid, k.coll
    FROM pg_index i
    CROSS JOIN unnest(CAST(i.indcollation AS oid[])) AS k (coll)
    WHERE k.coll <> 0
), of_columns AS (
    SELECT DISTINCT a.attcollation AS coll
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attcollation <> 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'm')
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), versions AS (
    SELECT co.oid, n.nspname, co.collname, co.oid = 100 AS is_default, d.datname,
           CASE WHEN co.oid = 100 THEN to_jsonb(d) ->> 'datlocprovider' ELSE co.collprovider::text END AS provider,
           CASE WHEN co.oid = 100 THEN to_jsonb(d) ->> 'datcollversion' ELSE co.collversion END AS recorded,
           -- one server version knows the version of the default collation by those of the same locale alone, which may be written en_US.UTF-8
           -- and en_US.utf8
           coalesce(pg_collation_actual_version(co.oid),
                    CASE WHEN co.oid = 100
                         THEN (SELECT pg_collation_actual_version(same.oid)
                               FROM pg_collation same
                               WHERE same.collprovider::text = to_jsonb(d) ->> 'datlocprovider'
                                 AND lower(replace(coalesce(to_jsonb(same) ->> 'colllocale', to_jsonb(same) ->> 'colliculocale',
                                                          same.collcollate), '-', ''))
                                     = lower(replace(coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale',
                                                              d.datcollate), '-', ''))
                               LIMIT 1) END) AS actual
    FROM pg_collation co
    JOIN pg_namespace n ON n.oid = co.collnamespace
    JOIN pg_database d ON d.datname = current_database()
    WHERE co.oid IN (SELECT coll FROM of_columns UNION SELECT coll FROM used)
), changed AS (
    SELECT * FROM versions WHERE recorded <> actual
), indexes AS (
    SELECT v.oid, n.nspname, c.relname, i.indisexclusion, c.relpages * current_setting('block_size')::bigint AS bytes
    FROM changed v
    JOIN used u ON u.coll = v.oid
    JOIN pg_index i ON i.indexrelid = u.indexrelid
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'i' AND c.relpersistence <> 't' AND i.indisvalid
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), summed AS (
    SELECT v.oid, count(x.relname) AS indexes, coalesce(sum(x.bytes), 0) AS bytes,
           string_agg(format('REINDEX INDEX %s%I.%I;', CASE WHEN NOT x.indisexclusion THEN 'CONCURRENTLY ' END, x.nspname, x.relname),
                      E'\n' ORDER BY x.bytes, x.nspname, x.relname) FILTER (WHERE x.relname IS NOT NULL) AS statements,
           coalesce(jsonb_agg(format('%I.%I', x.nspname, x.relname) ORDER BY x.nspname, x.relname)
                    FILTER (WHERE x.relname IS NOT NULL), '[]') AS names
    FROM changed v
    LEFT JOIN indexes x ON x.oid = v.oid
    GROUP BY v.oid
)
SELECT CASE WHEN v.is_default THEN 'database' ELSE 'collation' END AS object_kind,
       CASE WHEN v.nspname <> 'pg_catalog' THEN v.nspname END AS schema_name, -- what comes with the server is looked after everywhere
       CASE WHEN v.is_default THEN v.datname ELSE v.collname END AS object_name,
       CASE WHEN s.indexes = 0 THEN 'info' END AS severity,
       s.bytes::bigint AS impact,
       format('%s was recorded as version %s; the server''s library has %s. %s.',
              CASE WHEN v.is_default THEN format('The collation of database %I', v.datname)
                   ELSE format('Collation %I.%I', v.nspname, v.collname) END,
              v.recorded, v.actual,
              CASE s.indexes WHEN 0 THEN 'No index uses it' WHEN 1 THEN '1 index may be in another order'
                   ELSE to_char(s.indexes, 'FM999,999,999,999,990') || ' indexes may be in another order' END) AS message,
       jsonb_build_object('provider', CASE v.provider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc' WHEN 'b' THEN 'builtin' END,
                          'recorded', v.recorded, 'actual', v.actual, 'indexes', s.names, 'bytes', s.bytes) AS evidence,
       concat_ws(E'\n', s.statements,
                 CASE WHEN v.is_default THEN format('ALTER DATABASE %I REFRESH COLLATION VERSION;', v.datname)
                      ELSE format('ALTER COLLATION %I.%I REFRESH VERSION;', v.nspname, v.collname) END) AS remediation
FROM changed v
JOIN summed s ON s.oid = v.oid
