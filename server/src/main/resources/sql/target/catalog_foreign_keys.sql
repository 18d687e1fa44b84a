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
), touching AS (
    SELECT con.*,
           coalesce((to_jsonb(con.*) ->> 'conperiod')::boolean, false) AS temporal
      FROM side
     CROSS JOIN pg_constraint con
     WHERE con.contype = 'f'
       AND CASE WHEN side.incoming THEN con.confrelid ELSE con.conrelid END IN (SELECT oid FROM tree)
       AND NOT EXISTS (
               SELECT FROM pg_constraint top
                WHERE top.oid = con.conparentid
                  AND CASE WHEN side.incoming THEN top.confrelid ELSE top.conrelid END IN (SELECT oid FROM tree))
), child (key, oid) AS (
    SELECT oid, conrelid FROM touching
  UNION
    SELECT child.key, c.oid
      FROM child
      JOIN pg_inherits i ON i.inhparent = child.oid
      JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition
), key AS (
    SELECT touching.*,
           (SELECT array_agg(c.oid)
              FROM child
              JOIN pg_class c ON c.oid = child.oid AND c.relkind <> 'p'
             WHERE child.key = touching.oid) AS relations
      FROM touching
), @target/key_indexes@, pair AS (
    -- Its own check of the key casts to what the operator takes. Where the columns have different collations it uses the referenced
    -- column's if that is not deterministic, else the referencing column's; before PostgreSQL 18 one may have none.
    SELECT p.*,
           os.nspname AS operator_schema,
           CASE WHEN p.parent_type <> pt.oid THEN concat(quote_ident(ps.nspname), '.', quote_ident(pt.typname)) END AS parent_cast,
           CASE WHEN p.child_type <> ct.oid THEN concat(quote_ident(cs.nspname), '.', quote_ident(ct.typname)) END AS child_cast,
           CASE WHEN p.parent_collation <> p.child_collation AND l.oid IS NOT NULL
                THEN concat(quote_ident(ls.nspname), '.', quote_ident(l.collname)) END AS collated,
           (p.oprcode::oid < 16384 OR NOT p.polymorphic)
               AND (p.child_base = p.child_compared OR coalesce(p.castmethod = 'b' OR p.way < 16384, false)) AS comparable
      FROM key_pair p
      JOIN pg_namespace os ON os.oid = p.oprnamespace
      JOIN pg_type pt ON pt.oid = p.parent_compared
      JOIN pg_type ct ON ct.oid = p.child_compared
      JOIN pg_namespace ps ON ps.oid = pt.typnamespace
      JOIN pg_namespace cs ON cs.oid = ct.typnamespace
      LEFT JOIN pg_collation pl ON pl.oid = p.parent_collation
      LEFT JOIN pg_collation l ON l.oid = CASE WHEN pl.collisdeterministic THEN p.child_collation ELSE p.parent_collation END
      LEFT JOIN pg_namespace ls ON ls.oid = l.collnamespace
), paired AS MATERIALIZED (
    -- Once: nested in the joins below it would be made anew for each key, seven seconds for 600 keys.
    SELECT key,
           array_agg(parent::text ORDER BY ord)          AS parent_columns,
           array_agg(child::text ORDER BY ord)           AS child_columns,
           array_agg(operator_schema::text ORDER BY ord) AS operator_schemas,
           array_agg(oprname::text ORDER BY ord)         AS operators,
           array_agg(parent_cast ORDER BY ord)           AS parent_types,
           array_agg(child_cast ORDER BY ord)            AS child_types,
           array_agg(collated ORDER BY ord)              AS collations,
           bool_and(comparable)                          AS comparable
      FROM pair
     GROUP BY key
), indexed AS MATERIALIZED (
    SELECT key, count(DISTINCT relation) AS relations FROM key_index GROUP BY key
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
       coalesce(indexed.relations, 0) = coalesce(cardinality(key.relations), 0) AS indexed,
       key_wanted.columns AS index_columns
  FROM key
  JOIN paired ON paired.key = key.oid
  JOIN key_wanted ON key_wanted.key = key.oid
  LEFT JOIN indexed ON indexed.key = key.oid
  JOIN pg_class cc ON cc.oid = key.conrelid
  JOIN pg_namespace cn ON cn.oid = cc.relnamespace
  JOIN pg_class pc ON pc.oid = key.confrelid
  JOIN pg_namespace pn ON pn.oid = pc.relnamespace
 ORDER BY cn.nspname, cc.relname, key.conname, key.oid
