-- Indexes, with the constraints that they serve. Parameter: oid of the table.
SELECT i.relname                                        AS name,
       pg_catalog.pg_get_indexdef(x.indexrelid)         AS definition,
       x.indisunique                                    AS is_unique,
       x.indisvalid AND x.indisready                    AS is_valid,
       x.indisreplident                                 AS is_identity,
       x.indkey::pg_catalog.int2[]                      AS columns,
       x.indnkeyatts                                    AS key_columns,
       k.conname                                        AS constraint_name,
       k.contype                                        AS constraint_type,
       pg_catalog.pg_get_constraintdef(k.oid)           AS constraint_definition,
       pg_catalog.obj_description(x.indexrelid, 'pg_class') AS comment,
       pg_catalog.pg_relation_size(x.indexrelid)        AS bytes
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')
 WHERE x.indrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
 ORDER BY i.relname
