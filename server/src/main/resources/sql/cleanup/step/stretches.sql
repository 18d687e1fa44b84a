-- The table's stretches of so many blocks: the address of the first row of each, and that behind its last.
SELECT CAST(pg_catalog.format('(%s,0)', block) AS pg_catalog.tid) AS address,
       CAST(pg_catalog.format('(%s,0)', LEAST(block OPERATOR(pg_catalog.+) heap.stretch, 4294967295)) AS pg_catalog.tid) AS behind
  FROM (SELECT CAST(? AS pg_catalog.int8),
               pg_catalog.pg_relation_size(CAST(? AS pg_catalog.oid), 'main')
                   OPERATOR(pg_catalog./) CAST(pg_catalog.current_setting('block_size') AS pg_catalog.int8))
       AS heap (stretch, blocks)
       CROSS JOIN LATERAL pg_catalog.generate_series(0, heap.blocks, heap.stretch) AS block
