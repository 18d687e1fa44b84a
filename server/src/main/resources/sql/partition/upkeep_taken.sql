-- Which names relations of any kind have.
-- Parameters: schemas and names.
SELECT n.nspname, c.relname, c.oid::pg_catalog.int8 AS oid
  FROM ROWS FROM (pg_catalog.unnest(CAST(? AS pg_catalog.text[])), pg_catalog.unnest(CAST(? AS pg_catalog.text[])))
                 AS named (schema_name, table_name)
  JOIN pg_catalog.pg_namespace n ON n.nspname = named.schema_name
  JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = named.table_name
