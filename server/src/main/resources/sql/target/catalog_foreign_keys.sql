-- Foreign keys at relations and the partitions below them: those that reference them, or those that they have. Of a
-- constraint and the copies that Postgres makes of it for partitions only the topmost within sight is told.
WITH RECURSIVE tree (oid) AS (
    SELECT oid FROM unnest(?::oid[]) AS given (oid)
  UNION
    SELECT c.oid
      FROM tree
      JOIN pg_inherits i ON i.inhparent = tree.oid
      JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition
), side (incoming) AS (
    SELECT ?::boolean
), key AS (
    SELECT con.*
      FROM side
     CROSS JOIN pg_constraint con
     WHERE con.contype = 'f'
       AND CASE WHEN side.incoming THEN con.confrelid ELSE con.conrelid END IN (SELECT oid FROM tree)
       AND NOT EXISTS (
               SELECT FROM pg_constraint top
                WHERE top.oid = con.conparentid
                  AND CASE WHEN side.incoming THEN top.confrelid ELSE top.conrelid END IN (SELECT oid FROM tree))
), child (constraint_oid, oid) AS (
    SELECT oid, conrelid FROM key
  UNION
    SELECT child.constraint_oid, c.oid
      FROM child
      JOIN pg_inherits i ON i.inhparent = child.oid
      JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition
), leaf AS (
    -- Tables in which the referencing rows lie.
    SELECT child.constraint_oid, c.oid
      FROM child
      JOIN pg_class c ON c.oid = child.oid AND c.relkind <> 'p'
), indexed AS (
    SELECT key.oid,
           bool_and(EXISTS (
               SELECT FROM pg_index x
                 JOIN pg_class xc ON xc.oid = x.indexrelid
                 JOIN pg_am am ON am.oid = xc.relam
                WHERE x.indrelid = leaf.oid
                  AND x.indisvalid AND x.indisready AND x.indislive
                  -- Looking for a value never looks for NULL, so an index that leaves just those out serves as well. Its
                  -- text is the one that needs no lock.
                  AND (x.indpred IS NULL
                       OR NOT EXISTS (
                              SELECT FROM (SELECT substring(pg_get_indexdef(x.indexrelid) FROM '.* WHERE (.*)$')) AS w (text)
                               CROSS JOIN unnest(string_to_array(
                                          CASE WHEN w.text LIKE '((%' THEN substr(w.text, 2, length(w.text) - 2)
                                               ELSE w.text
                                          END, ' AND ')) AS condition (text)
                               WHERE condition.text NOT IN (
                                         SELECT '(' || quote_ident(na.attname) || ' IS NOT NULL)'
                                           FROM unnest(key.conkey) AS nk (attnum)
                                           JOIN pg_attribute na ON na.attrelid = key.conrelid AND na.attnum = nk.attnum)))
                  AND am.amname IN ('btree', 'hash')
                  AND x.indnkeyatts >= cardinality(key.conkey)
                  -- The first columns of the index are just those of the key, in any order.
                  AND NOT EXISTS (
                          SELECT FROM unnest(key.conkey) AS k (attnum)
                            JOIN pg_attribute ka ON ka.attrelid = key.conrelid AND ka.attnum = k.attnum
                           WHERE NOT EXISTS (
                                     SELECT FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS xk (attnum, ord)
                                       JOIN pg_attribute xa ON xa.attrelid = leaf.oid AND xa.attnum = xk.attnum
                                      WHERE xk.ord <= cardinality(key.conkey)
                                        AND xa.attname = ka.attname)))) AS indexed
      FROM key
      JOIN leaf ON leaf.constraint_oid = key.oid
     GROUP BY key.oid
)
SELECT key.oid,
       key.conname,
       key.conrelid,
       cn.nspname    AS child_schema,
       cc.relname    AS child_name,
       ARRAY(SELECT a.attname::text
               FROM unnest(key.conkey) WITH ORDINALITY AS k (attnum, ord)
               JOIN pg_attribute a ON a.attrelid = key.conrelid AND a.attnum = k.attnum
              ORDER BY k.ord) AS child_columns,
       key.confrelid,
       pn.nspname    AS parent_schema,
       pc.relname    AS parent_name,
       ARRAY(SELECT a.attname::text
               FROM unnest(key.confkey) WITH ORDINALITY AS k (attnum, ord)
               JOIN pg_attribute a ON a.attrelid = key.confrelid AND a.attnum = k.attnum
              ORDER BY k.ord) AS parent_columns,
       key.confdeltype,
       coalesce((to_jsonb(key.*) ->> 'conenforced')::boolean, true) AS enforced,
       coalesce(indexed.indexed, true) AS indexed
  FROM key
  LEFT JOIN indexed ON indexed.oid = key.oid
  JOIN pg_class cc ON cc.oid = key.conrelid
  JOIN pg_namespace cn ON cn.oid = cc.relnamespace
  JOIN pg_class pc ON pc.oid = key.confrelid
  JOIN pg_namespace pn ON pn.oid = pc.relnamespace
 ORDER BY cn.nspname, cc.relname, key.conname, key.oid
