-- Indexes with their key columns.
SELECT x.indrelid,
       c.oid,
       n.nspname,
       c.relname,
       am.amname,
       x.indisvalid,
       x.indisready,
       x.indislive,
       x.indpred IS NOT NULL               AS partial,
       k.attname,
       -- Operators of an enum cannot be named where it has an implicit cast: then they are ambiguous.
       coalesce(o.opcdefault, true)
           AND NOT EXISTS (SELECT FROM pg_type t
                             JOIN pg_type e ON e.oid IN (t.oid, t.typbasetype) AND e.typtype = 'e'
                             JOIN pg_cast way ON way.castsource = e.oid AND way.castcontext = 'i'
                            WHERE t.oid = k.atttypid) AS default_operators,
       k.collation = k.attcollation        AS own_collation
  FROM unnest(?::oid[]) AS wanted (oid)
  JOIN pg_index x ON x.indrelid = wanted.oid
  JOIN pg_class c ON c.oid = x.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_am am ON am.oid = c.relam
 CROSS JOIN LATERAL (
       SELECT columns.ord, a.attname, a.atttypid, a.attcollation,
              coalesce(x.indcollation[columns.ord - 1], 0)           AS collation,
              coalesce(x.indclass[columns.ord - 1], 0)               AS opclass
         FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS columns (attnum, ord)
         LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = columns.attnum AND columns.attnum > 0
        WHERE columns.ord <= x.indnkeyatts) k
  LEFT JOIN pg_opclass o ON o.oid = k.opclass
 ORDER BY x.indrelid, c.relname, c.oid, k.ord
