-- Publications that a relation is part of by itself, through a parent, or because they publish all tables.
WITH RECURSIVE lineage (oid, ancestor) AS (
    SELECT oid, oid FROM unnest(?::oid[]) AS wanted (oid)
  UNION
    SELECT lineage.oid, i.inhparent
      FROM lineage
      JOIN pg_class c ON c.oid = lineage.ancestor AND c.relispartition
      JOIN pg_inherits i ON i.inhrelid = c.oid
)
SELECT DISTINCT lineage.oid, p.pubname, p.pubdelete, p.pubupdate,
       -- Before PostgreSQL 15 a publication has neither conditions nor column lists.
       CAST('{}' AS text[]) AS filtering, CAST('{}' AS text[]) AS unlisted, CAST('{}' AS text[]) AS generated
  FROM lineage
  JOIN pg_class c ON c.oid = lineage.oid AND c.relpersistence = 'p' AND c.relkind IN ('r', 'p')
  JOIN pg_publication p
    ON p.puballtables
    OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = lineage.ancestor)
 ORDER BY lineage.oid, p.pubname
