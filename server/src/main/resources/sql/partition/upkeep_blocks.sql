-- Heap blocks of a table. Parameters: its oid.
SELECT pg_catalog.pg_relation_size(CAST(CAST(? AS pg_catalog.oid) AS pg_catalog.regclass))
           OPERATOR(pg_catalog./) CAST(pg_catalog.current_setting('block_size') AS pg_catalog.int8) AS blocks
