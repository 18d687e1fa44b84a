-- Publications that publish deletes of the given relations, be it through a parent, the schema, or all tables.
SELECT DISTINCT c.oid::bigint AS relation, p.pubname
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_publication p ON p.pubdelete
  JOIN LATERAL pg_catalog.pg_get_publication_tables(p.pubname::text) AS published ON true
 WHERE c.oid = ANY (CAST(? AS bigint[])::oid[])
   AND (published.relid = c.oid OR published.relid IN (SELECT a.relid FROM pg_catalog.pg_partition_ancestors(c.oid) AS a))
 ORDER BY p.pubname
