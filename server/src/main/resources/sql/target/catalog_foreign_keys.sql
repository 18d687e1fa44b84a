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
), domain (type, oid, next) AS (
    SELECT t.oid, t.oid, t.typbasetype
      FROM pg_type t
     WHERE t.oid IN (SELECT a.atttypid
                       FROM key
                       JOIN pg_attribute a ON a.attrelid = key.conrelid AND a.attnum = ANY (key.conkey)
                                           OR a.attrelid = key.confrelid AND a.attnum = ANY (key.confkey))
  UNION ALL
    SELECT domain.type, t.oid, t.typbasetype
      FROM domain
      JOIN pg_type t ON t.oid = domain.next
), base AS (
    -- What a type is: itself, or what a domain was made of.
    SELECT type, oid FROM domain WHERE next = 0
), pair AS (
    -- How Postgres itself compares: its own check of the key casts to what the operator takes. Where the columns have different
    -- collations it uses the referenced column's if that is not deterministic, else the referencing column's.
    SELECT key.oid AS constraint_oid,
           k.ord,
           pa.attname AS parent,
           ca.attname AS child,
           os.nspname AS operator_schema,
           o.oprname  AS operator,
           o.oid      AS operator_oid,
           o.oprcom   AS commutator,
           CASE WHEN pl.collisdeterministic THEN ca.attcollation ELSE pa.attcollation END AS compared_in,
           CASE WHEN pa.atttypid <> pt.oid THEN concat(quote_ident(ps.nspname), '.', quote_ident(pt.typname)) END AS parent_type,
           CASE WHEN ca.atttypid <> ct.oid THEN concat(quote_ident(cs.nspname), '.', quote_ident(ct.typname)) END AS child_type,
           CASE WHEN pa.attcollation <> ca.attcollation THEN concat(quote_ident(ls.nspname), '.', quote_ident(l.collname)) END AS collated,
           CASE WHEN o.oprcode::oid < 16384 THEN true ELSE lt.typtype <> 'p' AND rt.typtype <> 'p' END
               AND (cb.oid = ct.oid
                    OR EXISTS (SELECT FROM pg_cast way
                                WHERE way.castsource = cb.oid AND way.casttarget = ct.oid
                                  AND (way.castmethod = 'b' OR way.oid < 16384))) AS comparable
      FROM key
     CROSS JOIN unnest(key.confkey, key.conkey, key.conpfeqop) WITH ORDINALITY AS k (parent, child, operator, ord)
      JOIN pg_attribute pa ON pa.attrelid = key.confrelid AND pa.attnum = k.parent
      JOIN pg_attribute ca ON ca.attrelid = key.conrelid AND ca.attnum = k.child
      JOIN pg_operator o ON o.oid = k.operator
      JOIN pg_namespace os ON os.oid = o.oprnamespace
      JOIN pg_type lt ON lt.oid = o.oprleft
      JOIN pg_type rt ON rt.oid = o.oprright
      JOIN base pb ON pb.type = pa.atttypid
      JOIN base cb ON cb.type = ca.atttypid
      JOIN pg_type pt ON pt.oid = CASE lt.typtype WHEN 'p' THEN pb.oid ELSE lt.oid END
      JOIN pg_type ct ON ct.oid = CASE rt.typtype WHEN 'p' THEN cb.oid ELSE rt.oid END
      JOIN pg_namespace ps ON ps.oid = pt.typnamespace
      JOIN pg_namespace cs ON cs.oid = ct.typnamespace
      LEFT JOIN pg_collation pl ON pl.oid = pa.attcollation
      LEFT JOIN pg_collation l ON l.oid = CASE WHEN pl.collisdeterministic THEN ca.attcollation ELSE pa.attcollation END
      LEFT JOIN pg_namespace ls ON ls.oid = l.collnamespace
), paired AS (
    SELECT constraint_oid,
           array_agg(parent::text ORDER BY ord)          AS parent_columns,
           array_agg(child::text ORDER BY ord)           AS child_columns,
           array_agg(operator_schema::text ORDER BY ord) AS operator_schemas,
           array_agg(operator::text ORDER BY ord)        AS operators,
           array_agg(parent_type ORDER BY ord)           AS parent_types,
           array_agg(child_type ORDER BY ord)            AS child_types,
           array_agg(collated ORDER BY ord)              AS collations,
           bool_and(comparable)                          AS comparable
      FROM pair
     GROUP BY constraint_oid
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
               SELECT FROM pg_index i
                 JOIN pg_class xc ON xc.oid = i.indexrelid
                 JOIN pg_am am ON am.oid = xc.relam
                WHERE i.indrelid = leaf.oid
                  AND i.indisvalid AND i.indisready AND i.indislive
                  -- A search for a value never wants NULL: an index that leaves out just those serves.
                  AND (i.indpred IS NULL
                       OR (@target/not_null_tests@
                           AND NOT EXISTS (
                                  SELECT FROM regexp_matches(i.indpred::text, ':varattno (\d+)', 'g') AS tested (number)
                                   WHERE NOT EXISTS (
                                             SELECT FROM pair
                                               JOIN pg_attribute ta ON ta.attrelid = leaf.oid AND ta.attname = pair.child
                                              WHERE pair.constraint_oid = key.oid
                                                AND ta.attnum = tested.number[1]::int2))))
                  AND am.amname <> 'brin'
                  AND i.indnkeyatts >= looked.columns
                  -- The first columns of the index are just those of the key, in any order, and each can be searched by the
                  -- operator and in the collation that the key compares with.
                  AND NOT EXISTS (
                          SELECT FROM pair
                           WHERE pair.constraint_oid = key.oid
                             AND pair.ord <= looked.columns
                             AND NOT EXISTS (
                                     SELECT FROM generate_series(0, looked.columns - 1) AS xk (place)
                                       JOIN pg_attribute xa ON xa.attrelid = leaf.oid AND xa.attnum = i.indkey[xk.place]
                                       JOIN pg_opclass xo ON xo.oid = i.indclass[xk.place]
                                      WHERE xa.attname = pair.child
                                        AND i.indcollation[xk.place] IN (0, pair.compared_in)
                                        AND EXISTS (SELECT FROM pg_amop s
                                                     WHERE s.amopfamily = xo.opcfamily
                                                       AND s.amopopr IN (pair.operator_oid, pair.commutator)))))) AS indexed
      FROM key
      JOIN leaf ON leaf.constraint_oid = key.oid
     -- Of a key over time an index on the columns before the period serves.
     CROSS JOIN LATERAL (SELECT cardinality(key.conkey)
                                - coalesce((to_jsonb(key.*) ->> 'conperiod')::boolean, false)::int) AS looked (columns)
     GROUP BY key.oid
)
SELECT key.oid,
       key.conname,
       key.conrelid,
       cn.nspname    AS child_schema,
       cc.relname    AS child_name,
       key.confrelid,
       pn.nspname    AS parent_schema,
       pc.relname    AS parent_name,
       paired.parent_columns,
       paired.child_columns,
       paired.operator_schemas,
       paired.operators,
       paired.parent_types,
       paired.child_types,
       paired.collations,
       paired.comparable,
       key.confdeltype,
       coalesce((to_jsonb(key.*) ->> 'conenforced')::boolean, true) AS enforced,
       coalesce(indexed.indexed, true) AS indexed
  FROM key
  JOIN paired ON paired.constraint_oid = key.oid
  LEFT JOIN indexed ON indexed.oid = key.oid
  JOIN pg_class cc ON cc.oid = key.conrelid
  JOIN pg_namespace cn ON cn.oid = cc.relnamespace
  JOIN pg_class pc ON pc.oid = key.confrelid
  JOIN pg_namespace pn ON pn.oid = pc.relnamespace
 ORDER BY cn.nspname, cc.relname, key.conname, key.oid
