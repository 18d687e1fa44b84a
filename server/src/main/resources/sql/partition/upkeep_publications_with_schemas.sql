-- Publications that tables are part of by themselves or through a parent, by the schema of one of these, or because they publish
-- all tables (PostgreSQL 15). Parameter: oids of the tables.
SELECT c.oid::pg_catalog.int8 AS oid, p.pubname AS name, p.pubviaroot AS via_root,
       p.puballtables
       OR EXISTS (SELECT FROM pg_catalog.pg_publication_namespace s
                   WHERE s.pnpubid = p.oid AND s.pnnspid = c.relnamespace) AS everything
  FROM pg_catalog.pg_class c
 CROSS JOIN pg_catalog.pg_publication p
 CROSS JOIN LATERAL (SELECT pg_catalog.array_agg(a.oid) AS oids
                       FROM (SELECT c.oid
                              UNION
                             SELECT up.relid FROM pg_catalog.pg_partition_ancestors(c.oid) up) a) lineage
 WHERE c.oid = ANY (CAST(? AS pg_catalog.int8[])::pg_catalog.oid[])
   AND (p.puballtables
        OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel r
                    WHERE r.prpubid = p.oid AND r.prrelid = ANY (lineage.oids))
        OR EXISTS (SELECT FROM pg_catalog.pg_publication_namespace s
                     JOIN pg_catalog.pg_class a ON a.relnamespace = s.pnnspid
                    WHERE s.pnpubid = p.oid AND a.oid = ANY (lineage.oids)))
 ORDER BY c.oid, p.pubname
