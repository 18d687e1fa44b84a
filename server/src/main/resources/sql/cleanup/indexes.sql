-- Indexes of relations. A key column is told only if the index orders it as the column itself is ordered.
SELECT i.indrelid::bigint AS relation,
       c.relname,
       n.nspname,
       am.amname = 'btree' AND i.indisvalid AND i.indisready AND i.indislive AS usable,
       i.indpred IS NOT NULL AS partial,
       (SELECT pg_catalog.array_agg(CASE WHEN o.opcdefault AND k.collation IN (0, a.attcollation) THEN a.attname::text END
                                    ORDER BY k.ordinality)
          FROM ROWS FROM (pg_catalog.unnest(i.indkey::int2[]), pg_catalog.unnest(i.indclass::oid[]),
                          pg_catalog.unnest(i.indcollation::oid[])) WITH ORDINALITY
               AS k (attnum, opclass, collation, ordinality)
          LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0
          LEFT JOIN pg_catalog.pg_opclass o ON o.oid = k.opclass
         WHERE k.ordinality <= i.indnkeyatts) AS key
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_am am ON am.oid = c.relam
 WHERE i.indrelid = ANY (CAST(? AS bigint[])::oid[])
 ORDER BY c.relname
