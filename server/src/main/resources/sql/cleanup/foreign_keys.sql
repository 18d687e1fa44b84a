-- Foreign keys that reference the given relations, and those that reference the tables to which their cascades reach.
-- Clones on partitions are left out: the constraint they come from says all.
WITH RECURSIVE reached (constraint_oid, depth, path) AS (
    SELECT k.oid, 1, ARRAY[k.oid]
      FROM pg_catalog.pg_constraint k
     WHERE k.contype = 'f' AND k.conparentid = 0 AND k.confrelid = ANY (CAST(? AS bigint[])::oid[])
  UNION ALL
    SELECT k.oid, reached.depth + 1, reached.path || k.oid
      FROM reached
      JOIN pg_catalog.pg_constraint via ON via.oid = reached.constraint_oid AND via.confdeltype = 'c'
      JOIN pg_catalog.pg_constraint k ON k.contype = 'f' AND k.conparentid = 0 AND k.confrelid = via.conrelid
     WHERE k.oid <> ALL (reached.path) AND reached.depth < 20
), nearest AS (
    SELECT constraint_oid, pg_catalog.min(depth) AS depth FROM reached GROUP BY constraint_oid
)
SELECT k.conname,
       nearest.depth,
       k.conrelid::bigint AS child,
       cn.nspname AS child_schema,
       c.relname AS child_name,
       c.relkind = 'p' AS child_partitioned,
       k.confrelid::bigint AS parent,
       pn.nspname AS parent_schema,
       p.relname AS parent_name,
       k.confdeltype::text AS action,
       (SELECT pg_catalog.array_agg(a.attname::text ORDER BY x.ordinality)
          FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS x (attnum, ordinality)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x.attnum) AS child_columns,
       (SELECT pg_catalog.array_agg(a.attname::text ORDER BY x.ordinality)
          FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS x (attnum, ordinality)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = x.attnum) AS parent_columns,
       EXISTS (
           SELECT
             FROM pg_catalog.pg_index i
             JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
             JOIN pg_catalog.pg_am am ON am.oid = ic.relam
            WHERE i.indrelid = k.conrelid
              AND i.indisvalid
              AND am.amname IN ('btree', 'hash')
              AND (i.indpred IS NULL
                   OR pg_catalog.cardinality(k.conkey) = 1
                      AND pg_catalog.pg_get_expr(i.indpred, i.indrelid)
                          = (SELECT '(' || pg_catalog.quote_ident(a.attname) || ' IS NOT NULL)'
                               FROM pg_catalog.pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1]))
              AND (SELECT pg_catalog.array_agg(x.attnum ORDER BY x.attnum)
                     FROM pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS x (attnum, ordinality)
                    WHERE x.ordinality <= least(i.indnkeyatts, pg_catalog.cardinality(k.conkey)))
                  = (SELECT pg_catalog.array_agg(x.attnum ORDER BY x.attnum) FROM pg_catalog.unnest(k.conkey) AS x (attnum))
       ) AS indexed
  FROM nearest
  JOIN pg_catalog.pg_constraint k ON k.oid = nearest.constraint_oid
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
  JOIN pg_catalog.pg_class p ON p.oid = k.confrelid
  JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
 ORDER BY nearest.depth, cn.nspname, c.relname, k.conname
