-- Blocks of a table's main fork; of its own kind of block, whatever the server was built with.
SELECT pg_catalog.pg_relation_size(CAST(? AS pg_catalog.oid), 'main')
       OPERATOR(pg_catalog./) CAST(pg_catalog.current_setting('block_size') AS bigint) AS blocks
