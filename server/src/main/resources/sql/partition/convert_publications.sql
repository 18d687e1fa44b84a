-- Publications that name the table, or all tables. Parameter: oid of the table.
SELECT p.pubname                                        AS name,
       p.puballtables                                   AS all_tables
  FROM pg_catalog.pg_publication p
 WHERE p.puballtables
    OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel r
                WHERE r.prpubid = p.oid AND r.prrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid)
 ORDER BY p.pubname
