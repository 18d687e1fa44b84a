-- id: partition-index-missing
-- title: Indexes that some partitions lack
-- category: partitions
-- severity: warning
-- confidence: certain
-- impact: rows
-- threshold: min_percent = 50 percent — Smallest share of the partitions that must have an index for its lack to be reported.
-- meaning: Either the index of a partitioned table is invalid because not every partition has one to match it, or most
--   partitions have an index of their own on the same columns and some have none. Queries are slow on exactly those.
--   Only indexes on plain columns are compared; names of columns count, not their positions.
-- remedy: Build the index on the partitions that lack it, concurrently; then create it on the parent, which adopts them.
WITH leaves AS (
    SELECT h.inhparent AS parent, c.oid, c.relname, n.nspname, c.reltuples
    FROM pg_inherits h
    JOIN pg_class c ON c.oid = h.inhrelid AND c.relkind = 'r' AND c.relispartition AND c.relpersistence <> 't'
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT h.inhdetachpending
), indexes AS (
    SELECT i.indexrelid, i.indrelid, i.indisvalid, am.amname,
           array_agg(a.attname::text ORDER BY k.position) FILTER (WHERE k.position < i.indnkeyatts) AS columns,
           array_agg(a.attname::text ORDER BY k.position) FILTER (WHERE k.position >= i.indnkeyatts) AS included
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_am am ON am.oid = c.relam
    CROSS JOIN LATERAL generate_subscripts(i.indkey, 1) AS k (position)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.position]
    WHERE i.indexprs IS NULL
      AND i.indpred IS NULL
      AND (i.indrelid IN (SELECT oid FROM leaves) OR i.indrelid IN (SELECT parent FROM leaves))
    GROUP BY i.indexrelid, i.indrelid, i.indisvalid, am.amname, i.indnkeyatts
), wanted AS (
    -- what the parent's invalid indexes ask for
    SELECT DISTINCT l.parent, x.amname, x.columns, x.included, true AS at_parent
    FROM leaves l
    JOIN indexes x ON x.indrelid = l.parent AND NOT x.indisvalid
    UNION ALL
    -- and what most partitions have of their own
    SELECT l.parent, x.amname, x.columns, x.included, false
    FROM leaves l
    JOIN indexes x ON x.indrelid = l.oid AND x.indisvalid
    WHERE NOT EXISTS (
        SELECT FROM indexes p
        WHERE p.indrelid = l.parent AND p.amname = x.amname AND p.columns = x.columns
          AND p.included IS NOT DISTINCT FROM x.included)
    GROUP BY l.parent, x.amname, x.columns, x.included
    HAVING count(DISTINCT l.oid) * 100.0 / (SELECT count(*) FROM leaves o WHERE o.parent = l.parent) >= :min_percent
), lacking AS (
    SELECT w.parent, w.amname, w.columns, w.included, w.at_parent,
           count(*) AS partitions, sum(greatest(l.reltuples, 0)) AS rows,
           array_agg(format('%I.%I', l.nspname, l.relname) ORDER BY l.nspname, l.relname) AS names
    FROM wanted w
    JOIN leaves l ON l.parent = w.parent
    WHERE NOT EXISTS (
        SELECT FROM indexes x
        WHERE x.indrelid = l.oid AND x.indisvalid AND x.amname = w.amname AND x.columns = w.columns
          AND x.included IS NOT DISTINCT FROM w.included)
    GROUP BY w.parent, w.amname, w.columns, w.included, w.at_parent
)
SELECT 'table' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       d.definition AS object_key,
       x.rows AS impact,
       format('%s partitions of table %I.%I lack the index %s that the %s.', x.partitions, n.nspname, c.relname, d.definition,
              CASE WHEN x.at_parent THEN 'table asks for' ELSE 'others have' END) AS message,
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
