-- id: partition-index-missing
-- title: Indexes that some partitions lack
-- category: partitions
-- severity: warning
-- confidence: certain
-- impact: rows
-- quotes: yes
-- threshold: min_percent = 50 percent — Smallest share of the partitions that must have an index for its lack to be reported.
-- meaning: Either the index of a partitioned table is invalid: a partition has none to match it, has one that was never
--   attached, or has an invalid one; until then it serves no query as a whole, and does not keep anything unique. Or most
--   partitions have an index of their own on the same columns and some have none; queries are slow on exactly those. Of
--   these only indexes on plain columns are compared; names of columns count, not their positions.
-- remedy: Build the index on the partitions that lack it, concurrently; then attach each to the parent's, which becomes valid
--   with the last one. Where all partitions have it by now, attaching one anew makes the server look again, from
--   14.23, 15.18, 16.14, 17.10 and 18.4 on; before them only a new index helps.
WITH leaves AS (
    SELECT h.inhparent AS parent, c.oid, c.relname, n.nspname, c.reltuples
    FROM pg_inherits h
    JOIN pg_class c ON c.oid = h.inhrelid AND c.relkind = 'r' AND c.relispartition AND c.relpersistence <> 't'
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT h.inhdetachpending
), invalid AS (
    SELECT i.indexrelid, i.indrelid, i.indisunique, x.relname, k.contype, d.definition
    FROM pg_index i
    JOIN pg_class x ON x.oid = i.indexrelid AND x.relkind = 'I'
    LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
    CROSS JOIN LATERAL (SELECT substring(pg_get_indexdef(i.indexrelid) FROM ' (USING .*)$') AS definition) d
    WHERE NOT i.indisvalid
), parts AS (
    -- each partition of each of these, and the index there that is attached, or might be
    SELECT v.indexrelid, v.relname AS parent_index, v.contype, v.indisunique, v.definition, c.oid, c.relkind, c.relname,
           c.relnamespace, n.nspname, c.reltuples, f.name, f.attached, f.valid, f.constrained
    FROM invalid v
    JOIN pg_inherits h ON h.inhparent = v.indrelid AND NOT h.inhdetachpending
    JOIN pg_class c ON c.oid = h.inhrelid AND c.relkind IN ('r', 'p')
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN LATERAL (
        SELECT x.relname AS name, coalesce(a.inhparent = v.indexrelid, false) AS attached, i.indisvalid AS valid,
               v.contype IS NULL OR k.oid IS NOT NULL AS constrained
        FROM pg_index i
        JOIN pg_class x ON x.oid = i.indexrelid
        LEFT JOIN pg_inherits a ON a.inhrelid = i.indexrelid
        LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype = v.contype
        WHERE i.indrelid = c.oid
          AND (a.inhparent = v.indexrelid
               OR (a.inhparent IS NULL
                   AND (i.indisvalid OR c.relkind = 'p')
                   AND i.indisunique = v.indisunique
                   -- storage parameters may differ
                   AND regexp_replace(substring(pg_get_indexdef(i.indexrelid) FROM ' (USING .*)$'), ' WITH \([^)]*\)', '')
                       = regexp_replace(v.definition, ' WITH \([^)]*\)', '')))
        ORDER BY 2 DESC, 4 DESC, i.indexrelid
        LIMIT 1) f ON true
), steps AS (
    SELECT p.*,
           concat_ws(E'\n',
               CASE WHEN p.name IS NULL
                    THEN format('CREATE %sINDEX %s%I ON %s%I.%I %s;', CASE WHEN p.indisunique THEN 'UNIQUE ' END,
                                CASE WHEN p.relkind = 'r' THEN 'CONCURRENTLY ' END, w.name,
                                CASE WHEN p.relkind = 'p' THEN 'ONLY ' END, p.nspname, p.relname, p.definition)
                    WHEN p.attached AND NOT p.valid AND p.relkind = 'r'
                    THEN format('REINDEX INDEX CONCURRENTLY %I.%I;', p.nspname, p.name) END,
               CASE WHEN p.contype IN ('p', 'u') AND NOT coalesce(p.constrained, false) AND p.relkind = 'r'
                    THEN format('ALTER TABLE %I.%I ADD %s USING INDEX %I;', p.nspname, p.relname,
                                CASE p.contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, w.name) END,
               -- attaching anew what is attached makes Postgres look whether all are valid by now
               format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I;', pn.nspname, p.parent_index, p.nspname, w.name)) AS statements
    FROM parts p
    JOIN pg_class pc ON pc.oid = p.indexrelid
    JOIN pg_namespace pn ON pn.oid = pc.relnamespace
    CROSS JOIN LATERAL (
        -- a name of at most 63 bytes that nothing else has
        SELECT coalesce(p.name, CASE WHEN EXISTS (SELECT FROM pg_class o WHERE o.relnamespace = p.relnamespace AND o.relname = g.name)
                                     THEN left(p.relname, 20) || '_idx_' || p.indexrelid ELSE g.name END) AS name
        FROM (SELECT left(left(p.relname, 31) || '_' || p.parent_index, 63 - octet_length(p.relname || p.parent_index)
                          + length(p.relname || p.parent_index)) AS name) g) w
), broken AS (
    SELECT s.indexrelid, s.parent_index, s.definition, count(*) AS partitions,
           count(*) FILTER (WHERE s.name IS NULL) AS lacking,
           count(*) FILTER (WHERE s.name IS NOT NULL AND NOT s.attached) AS loose,
           count(*) FILTER (WHERE s.attached AND NOT s.valid) AS invalid,
           sum(greatest(s.reltuples, 0)) FILTER (WHERE s.name IS NULL OR NOT s.attached OR NOT s.valid) AS rows,
           (array_agg(format('%I.%I', s.nspname, s.relname) ORDER BY s.nspname, s.relname)
                FILTER (WHERE s.name IS NULL OR NOT s.attached OR NOT s.valid))[1:20] AS names,
           (array_agg(s.statements ORDER BY s.nspname, s.relname)
                FILTER (WHERE s.name IS NULL OR NOT s.attached OR NOT s.valid))[1:20] AS statements,
           min(s.statements) AS any_statement
    FROM steps s
    GROUP BY s.indexrelid, s.parent_index, s.definition
), indexes AS (
    SELECT i.indexrelid, i.indrelid, am.amname,
           array_agg(a.attname::text ORDER BY k.position) FILTER (WHERE k.position < i.indnkeyatts) AS columns,
           array_agg(a.attname::text ORDER BY k.position) FILTER (WHERE k.position >= i.indnkeyatts) AS included
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_am am ON am.oid = c.relam
    CROSS JOIN LATERAL generate_subscripts(i.indkey, 1) AS k (position)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.position]
    WHERE i.indexprs IS NULL
      AND i.indpred IS NULL
      AND (i.indisvalid OR c.relkind = 'I')
      AND (i.indrelid IN (SELECT oid FROM leaves) OR i.indrelid IN (SELECT parent FROM leaves))
    GROUP BY i.indexrelid, i.indrelid, am.amname, i.indnkeyatts
), wanted AS (
    -- what most partitions have of their own
    SELECT l.parent, x.amname, x.columns, x.included
    FROM leaves l
    JOIN indexes x ON x.indrelid = l.oid
    WHERE NOT EXISTS (
        SELECT FROM indexes p
        WHERE p.indrelid = l.parent AND p.amname = x.amname AND p.columns = x.columns
          AND p.included IS NOT DISTINCT FROM x.included)
    GROUP BY l.parent, x.amname, x.columns, x.included
    HAVING count(DISTINCT l.oid) * 100.0 / (SELECT count(*) FROM leaves o WHERE o.parent = l.parent) >= :min_percent
), lacking AS (
    SELECT w.parent, w.amname, w.columns, w.included,
           count(*) AS partitions, sum(greatest(l.reltuples, 0)) AS rows,
           array_agg(format('%I.%I', l.nspname, l.relname) ORDER BY l.nspname, l.relname) AS names
    FROM wanted w
    JOIN leaves l ON l.parent = w.parent
    WHERE NOT EXISTS (
        SELECT FROM indexes x
        WHERE x.indrelid = l.oid AND x.amname = w.amname AND x.columns = w.columns
          AND x.included IS NOT DISTINCT FROM w.included)
    GROUP BY w.parent, w.amname, w.columns, w.included
)
SELECT 'table' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       d.definition AS object_key,
       x.rows AS impact,
       format('%s of table %I.%I %s the index %s that the others have.',
              to_char(x.partitions, 'FM999,999,999,999,990') || CASE x.partitions WHEN 1 THEN ' partition' ELSE ' partitions' END,
              n.nspname, c.relname, CASE x.partitions WHEN 1 THEN 'lacks' ELSE 'lack' END, d.definition) AS message,
       jsonb_build_object('index', d.definition, 'partitions', x.partitions, 'lacking', to_jsonb(x.names[1:20]), 'rows', x.rows)
           AS evidence,
       (SELECT string_agg(format('CREATE INDEX CONCURRENTLY ON %s USING %s;', name, d.definition), E'\n' ORDER BY name)
        FROM unnest(x.names[1:20]) AS name) AS remediation
FROM lacking x
JOIN pg_class c ON c.oid = x.parent
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT format('%I (%s)%s', x.amname,
                  (SELECT string_agg(quote_ident(u.name), ', ' ORDER BY u.position)
                   FROM unnest(x.columns) WITH ORDINALITY u (name, position)),
                  coalesce(' INCLUDE (' || (SELECT string_agg(quote_ident(u.name), ', ' ORDER BY u.position)
                                            FROM unnest(x.included) WITH ORDINALITY u (name, position)) || ')', ''))
           AS definition) d
UNION ALL
SELECT 'table', n.nspname, c.relname, b.parent_index, coalesce(b.rows, 0),
       format('Index %I of partitioned table %I.%I is invalid: %s.', b.parent_index, n.nspname, c.relname,
              coalesce(nullif(concat_ws(', ',
                           CASE WHEN b.lacking > 0 THEN format('%s of %s partitions lack it', b.lacking, b.partitions) END,
                           CASE WHEN b.loose > 0 THEN format('%s of %s have it, but it is not attached', b.loose, b.partitions) END,
                           CASE WHEN b.invalid > 0 THEN format('on %s of %s it is invalid', b.invalid, b.partitions) END), ''),
                       'all partitions have it by now, but nothing told it so')),
       jsonb_build_object('index', format('%I.%I', n.nspname, b.parent_index), 'definition', b.definition,
                          'partitions', b.partitions, 'lacking', b.lacking, 'not_attached', b.loose, 'invalid', b.invalid,
                          'concerned', coalesce(to_jsonb(b.names), '[]')),
       CASE WHEN b.statements IS NOT NULL THEN array_to_string(b.statements, E'\n')
            WHEN v.number % 10000 >= CASE v.number / 10000 WHEN 14 THEN 23 WHEN 15 THEN 18 WHEN 16 THEN 14 WHEN 17 THEN 10
                                                           WHEN 18 THEN 4 ELSE 0 END
            THEN b.any_statement END
FROM broken b
CROSS JOIN (SELECT current_setting('server_version_num')::int AS number) v
JOIN pg_index i ON i.indexrelid = b.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relpersistence <> 't'
