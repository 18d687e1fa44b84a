-- Whether a relation is one of the given tables or of their partitions, or may be changed by a rewrite rule of one.
SELECT EXISTS (
    SELECT
      FROM ROWS FROM (pg_catalog.unnest(CAST(? AS pg_catalog.text[])), pg_catalog.unnest(CAST(? AS pg_catalog.text[])))
           AS named (schema, name)
      JOIN pg_catalog.pg_namespace n ON n.nspname OPERATOR(pg_catalog.=) CAST(named.schema AS pg_catalog.name)
      JOIN pg_catalog.pg_class r ON r.relnamespace OPERATOR(pg_catalog.=) n.oid
                                AND r.relname OPERATOR(pg_catalog.=) CAST(named.name AS pg_catalog.name)
     CROSS JOIN (VALUES (CAST(? AS pg_catalog.oid))) own (relation)
     WHERE r.oid OPERATOR(pg_catalog.=) own.relation
        OR EXISTS (SELECT FROM pg_catalog.pg_rewrite w
                    WHERE w.ev_class OPERATOR(pg_catalog.=) r.oid
                      AND w.ev_type OPERATOR(pg_catalog.=) ANY (CAST('{2,4}' AS pg_catalog."char"[])))
        OR EXISTS (SELECT FROM pg_catalog.pg_partition_tree(r.oid) p WHERE p.relid OPERATOR(pg_catalog.=) own.relation)
) AS comes_back
