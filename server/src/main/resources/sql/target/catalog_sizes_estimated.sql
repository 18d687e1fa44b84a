-- Bytes of relations as the last VACUUM or ANALYZE left them in the catalog; takes no lock.
WITH page (bytes) AS (SELECT current_setting('block_size')::bigint)
SELECT c.oid,
       c.relpages * page.bytes                                      AS heap,
       (c.relpages + coalesce(toast.relpages, 0)) * page.bytes      AS "table",
       (SELECT coalesce(sum(ic.relpages), 0)
          FROM pg_index x
          JOIN pg_class ic ON ic.oid = x.indexrelid
         WHERE x.indrelid = c.oid) * page.bytes                     AS indexes
  FROM unnest(?::oid[]) AS given (oid)
  JOIN pg_class c ON c.oid = given.oid
  LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
 CROSS JOIN page
