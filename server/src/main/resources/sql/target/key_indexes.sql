-- What @key_indexes@ stands for: which indexes serve the search of foreign keys for referring rows, and which would. It comes after
-- the CTE
--   key (oid, conrelid, confrelid, conkey, confkey, conpfeqop, temporal, relations), of pg_constraint; temporal: it has a PERIOD;
--       relations: in which the referring rows lie
-- in a WITH RECURSIVE, and gives
--   key_pair, a key's pairs of columns, and how Postgres compares them
--   key_index (key, relation, index), the indexes that serve
--   key_wanted (key, columns), what an index begins with that would, as CREATE INDEX has it; columns is NULL if none can
-- Postgres' own check (ri_triggers.c, ri_GenerateQual) casts the referencing column to what the operator takes: an index on the column
-- alone does not serve where a function does that, and none does where the function's results may change.
key_domain (type, base) AS (
    SELECT oid, typbasetype FROM pg_type WHERE typtype = 'd'
  UNION ALL
    SELECT key_domain.type, t.typbasetype FROM key_domain JOIN pg_type t ON t.oid = key_domain.base AND t.typtype = 'd'
), key_base AS (
    SELECT key_domain.type, key_domain.base FROM key_domain JOIN pg_type t ON t.oid = key_domain.base AND t.typtype <> 'd'
), key_compared AS (
    SELECT key.oid AS key,
           key.relations,
           k.ord,
           key.temporal AND k.ord = cardinality(key.conkey) AS period,
           pa.attname AS parent,
           ca.attname AS child,
           o.oid      AS operator,
           o.oprcom   AS commutator,
           o.oprright AS declared,
           o.oprname, o.oprnamespace, o.oprcode,
           lt.typtype = 'p' OR rt.typtype = 'p' AS polymorphic,
           pa.atttypid AS parent_type, pa.attcollation AS parent_collation,
           ca.atttypid AS child_type, ca.attcollation AS child_collation,
           CASE lt.typtype WHEN 'p' THEN coalesce(pb.base, pa.atttypid) ELSE lt.oid END AS parent_compared,
           CASE rt.typtype WHEN 'p' THEN coalesce(cb.base, ca.atttypid) ELSE rt.oid END AS child_compared,
           coalesce(cb.base, ca.atttypid) AS child_base
      FROM key
     CROSS JOIN unnest(key.confkey, key.conkey, key.conpfeqop) WITH ORDINALITY AS k (parent, child, operator, ord)
      JOIN pg_attribute pa ON pa.attrelid = key.confrelid AND pa.attnum = k.parent
      JOIN pg_attribute ca ON ca.attrelid = key.conrelid AND ca.attnum = k.child
      JOIN pg_operator o ON o.oid = k.operator
      JOIN pg_type lt ON lt.oid = o.oprleft
      JOIN pg_type rt ON rt.oid = o.oprright
      LEFT JOIN key_base pb ON pb.type = pa.atttypid
      LEFT JOIN key_base cb ON cb.type = ca.atttypid
), key_cast AS (
    SELECT c.*,
           way.oid AS way,
           way.castmethod,
           way.castfunc,
           coalesce(way.castmethod <> 'b', false) AS by_function,
           CASE way.castmethod WHEN 'f' THEN castf.provolatile = 'i'
                               WHEN 'i' THEN outf.provolatile = 'i' AND inf.provolatile = 'i'
                               ELSE true END AS steady,
           -- In which collation the referencing value is by itself.
           CASE WHEN ct.typcollation = 0 THEN 0 WHEN c.child_collation <> 0 THEN c.child_collation
                ELSE ct.typcollation END AS own_collation,
           CASE WHEN ct.typcollation = 0 THEN 0
                WHEN NOT pl.collisdeterministic THEN pl.oid
                WHEN pt.typcollation NOT IN (0, 100) AND c.child_collation IN (0, 100) THEN pt.typcollation
                WHEN c.child_collation <> 0 THEN c.child_collation
                ELSE ct.typcollation END AS compared_in
      FROM key_compared c
      JOIN pg_type ct ON ct.oid = c.child_compared
      JOIN pg_type cb ON cb.oid = c.child_base
      JOIN pg_type pt ON pt.oid = c.parent_type
      LEFT JOIN pg_collation pl ON pl.oid = c.parent_collation
      LEFT JOIN pg_cast way ON way.castsource = c.child_base AND way.casttarget = c.child_compared
                           AND c.child_base <> c.child_compared
      LEFT JOIN pg_proc castf ON castf.oid = way.castfunc
      LEFT JOIN pg_proc outf ON outf.oid = cb.typoutput
      LEFT JOIN pg_proc inf ON inf.oid = ct.typinput
), key_pair AS (
    SELECT c.*,
           CASE WHEN NOT c.period AND c.steady
                THEN CASE WHEN c.by_function
                          THEN format('(CAST(%I AS %s))', c.child,
                                      CASE WHEN tn.nspname = 'pg_catalog' THEN format_type(t.oid, -1)
                                           ELSE format('%I.%I', tn.nspname, t.typname) END)
                          ELSE quote_ident(c.child) END
                     || CASE WHEN c.compared_in = c.own_collation THEN ''
                             WHEN ln.nspname = 'pg_catalog' THEN format(' COLLATE %I', l.collname)
                             ELSE format(' COLLATE %I.%I', ln.nspname, l.collname) END
                     || coalesce(' ' || class.name, '') END AS element
      FROM key_cast c
      JOIN pg_type t ON t.oid = c.child_compared
      JOIN pg_namespace tn ON tn.oid = t.typnamespace
      LEFT JOIN pg_collation l ON l.oid = c.compared_in
      LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
      -- The operator class that knows the operator; it is named where another one would be taken.
      LEFT JOIN LATERAL (
          SELECT CASE WHEN oc.opcdefault
                       AND (c.by_function OR c.polymorphic OR c.child_base = c.declared
                            OR NOT EXISTS (SELECT FROM pg_opclass own
                                            WHERE own.opcmethod = oc.opcmethod
                                              AND own.opcintype = c.child_base
                                              AND own.opcdefault)) THEN NULL
                      WHEN n.nspname = 'pg_catalog' THEN quote_ident(oc.opcname)
                      ELSE format('%I.%I', n.nspname, oc.opcname) END AS name
            FROM pg_amop s
            JOIN pg_opclass oc ON oc.opcfamily = s.amopfamily AND oc.opcintype = c.declared
            JOIN pg_am am ON am.oid = oc.opcmethod AND am.amname = 'btree'
            JOIN pg_namespace n ON n.oid = oc.opcnamespace
           WHERE s.amopopr IN (c.operator, c.commutator)
           ORDER BY oc.opcdefault DESC, oc.oid
           LIMIT 1) AS class ON true
), key_wanted AS (
    SELECT key, string_agg(element, ', ' ORDER BY ord) AS columns FROM key_pair GROUP BY key
), key_counted AS (
    -- Columns that are looked up in the index, and all. No CTE is joined with another here: nobody knows how many rows it has.
    SELECT p.*, count(element) OVER each AS looked, array_agg(child) OVER each AS names
      FROM key_pair p
    WINDOW each AS (PARTITION BY key)
), key_index AS (
    -- The first columns of the index are just those of the key, in any order, and each can be searched by the operator and in the
    -- collation that the key compares with. Of a key over time an index on the columns before the period serves.
    SELECT p.key, i.indrelid AS relation, i.indexrelid AS index
      FROM key_counted p
     CROSS JOIN unnest(p.relations) AS r (relation)
      JOIN pg_index i ON i.indrelid = r.relation
      JOIN pg_class xc ON xc.oid = i.indexrelid
      JOIN pg_am am ON am.oid = xc.relam
      JOIN pg_attribute ta ON ta.attrelid = r.relation AND ta.attname = p.child
     WHERE p.element IS NOT NULL
       AND i.indisvalid AND i.indisready AND i.indislive
       AND am.amname <> 'brin'
       AND i.indnkeyatts >= p.looked
       -- A search for a value never wants NULL: an index that leaves out just those serves.
       AND (i.indpred IS NULL
            OR (@target/not_null_tests@
                AND NOT EXISTS (
                       SELECT FROM regexp_matches(i.indpred::text, ':varattno (\d+)', 'g') AS tested (number)
                         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = tested.number[1]::int2
                        WHERE a.attname <> ALL (p.names))))
       AND EXISTS (
               SELECT FROM generate_series(0, p.looked - 1) AS xk (place)
                 JOIN pg_attribute xa ON xa.attrelid = i.indexrelid AND xa.attnum = xk.place + 1
                 JOIN pg_opclass xo ON xo.oid = i.indclass[xk.place]
                 JOIN pg_amop s ON s.amopfamily = xo.opcfamily AND s.amopopr IN (p.operator, p.commutator)
                WHERE i.indcollation[xk.place] IN (0, p.compared_in)
                  AND CASE WHEN p.by_function
                           -- Of the tree of the index's expressions; the first one begins it.
                           THEN i.indkey[xk.place] = 0
                                AND xa.atttypid = p.child_compared
                                AND i.indexprs::text
                                    ~ (CASE xk.place WHEN 0 THEN '^\(' ELSE '' END
                                       || CASE p.castmethod
                                               WHEN 'f' THEN '\{FUNCEXPR :funcid ' || p.castfunc || ' [^{}]*:args \('
                                               ELSE '\{COERCEVIAIO :arg ' END
                                       || '(\{RELABELTYPE :arg )?\{VAR :varno 1 :varattno ' || ta.attnum || ' ')
                           ELSE i.indkey[xk.place] = ta.attnum END)
     GROUP BY p.key, i.indrelid, i.indexrelid, p.looked
    HAVING count(DISTINCT p.ord) = p.looked
)
