-- Columns of each unique index on which ON CONFLICT can go; where NULLs are told apart from one another they do not.
SELECT ARRAY(SELECT CAST(a.attname AS pg_catalog.text)
               FROM pg_catalog.unnest(CAST(i.indkey AS pg_catalog.int2[])) key (number)
               JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) i.indrelid
                AND a.attnum OPERATOR(pg_catalog.=) key.number) AS columns,
       coalesce(CAST(pg_catalog.to_jsonb(i) OPERATOR(pg_catalog.->>) 'indnullsnotdistinct' AS boolean), false) AS one_null
  FROM pg_catalog.pg_index i
 WHERE i.indrelid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)
   AND i.indisunique
   AND i.indisvalid
   AND i.indimmediate
   AND i.indpred IS NULL
   AND i.indexprs IS NULL
   AND i.indnkeyatts OPERATOR(pg_catalog.=) i.indnatts
