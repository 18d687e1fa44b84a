-- Publications that a relation is part of by itself, through a parent, through its own or a parent's schema, or because they
-- publish all tables, with what keeps rows from being told apart at subscribers (PostgreSQL 15): a publication's WHERE may use
-- columns outside of the replica identity, its column list may leave out columns of it. What counts is the entry of the topmost
-- parent if the publication publishes by that, else the relation's own.
WITH RECURSIVE lineage (oid, ancestor, level) AS (
    SELECT oid, oid, 0 FROM pg_catalog.unnest(?::pg_catalog.oid[]) AS wanted (oid)
  UNION
    SELECT lineage.oid, i.inhparent, lineage.level OPERATOR(pg_catalog.+) 1
      FROM lineage
      JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) lineage.ancestor AND c.relispartition
      JOIN pg_catalog.pg_inherits i ON i.inhrelid OPERATOR(pg_catalog.=) c.oid
), published AS (
    SELECT DISTINCT lineage.oid, p.oid AS publication
      FROM lineage
      JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) lineage.oid
                                AND c.relpersistence OPERATOR(pg_catalog.=) 'p' AND c.relkind IN ('r', 'p')
      JOIN pg_catalog.pg_class ancestor ON ancestor.oid OPERATOR(pg_catalog.=) lineage.ancestor
      JOIN pg_catalog.pg_publication p
        ON p.puballtables
        OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel r
                    WHERE r.prpubid OPERATOR(pg_catalog.=) p.oid AND r.prrelid OPERATOR(pg_catalog.=) lineage.ancestor)
        OR EXISTS (SELECT FROM pg_catalog.pg_publication_namespace s
                    WHERE s.pnpubid OPERATOR(pg_catalog.=) p.oid AND s.pnnspid OPERATOR(pg_catalog.=) ancestor.relnamespace)
), entry AS (
    -- What the publication says of the relation as it publishes it.
    SELECT published.oid, published.publication, c.relreplident, r.prrelid, r.prqual::pg_catalog.text AS filter, r.prattrs
      FROM published
      JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) published.oid
      JOIN pg_catalog.pg_publication p ON p.oid OPERATOR(pg_catalog.=) published.publication
     CROSS JOIN LATERAL (
           SELECT r.*
             FROM lineage
             JOIN pg_catalog.pg_publication_rel r ON r.prpubid OPERATOR(pg_catalog.=) p.oid
                                                 AND r.prrelid OPERATOR(pg_catalog.=) lineage.ancestor
            WHERE lineage.oid OPERATOR(pg_catalog.=) published.oid
              AND (p.pubviaroot OR lineage.level OPERATOR(pg_catalog.=) 0)
            ORDER BY lineage.level DESC
            LIMIT 1) r
), identity AS (
    SELECT x.indrelid AS oid, pg_catalog.array_agg(a.attname) AS columns
      FROM published
      JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) published.oid
      JOIN pg_catalog.pg_index x ON x.indrelid OPERATOR(pg_catalog.=) c.oid
                                AND CASE c.relreplident WHEN 'd' THEN x.indisprimary AND x.indimmediate
                                                        WHEN 'i' THEN x.indisreplident
                                                        ELSE false END
     CROSS JOIN pg_catalog.generate_series(0, x.indnkeyatts OPERATOR(pg_catalog.-) 1) k (n)
      JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) x.indrelid
                                    AND a.attnum OPERATOR(pg_catalog.=) x.indkey[k.n]
     GROUP BY x.indrelid
)
SELECT published.oid, p.pubname, p.pubdelete, p.pubupdate,
       -- Columns of the WHERE that are not in the replica identity.
       ARRAY(SELECT DISTINCT a.attname::pg_catalog.text
               FROM pg_catalog.regexp_matches(entry.filter, ':varattno (\d+)', 'g') AS used (number)
               JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) entry.prrelid
                                             AND a.attnum OPERATOR(pg_catalog.=) used.number[1]::pg_catalog.int2
              WHERE entry.relreplident OPERATOR(pg_catalog.<>) 'f'
                AND a.attname OPERATOR(pg_catalog.<>) ALL (coalesce(identity.columns, ARRAY[]::pg_catalog.name[]))
              ORDER BY 1) AS filtering,
       -- Columns of the replica identity that are not in the column list; all where the whole row is the identity, with which no
       -- list goes.
       ARRAY(SELECT a.attname::pg_catalog.text
               FROM pg_catalog.pg_attribute a
              WHERE a.attrelid OPERATOR(pg_catalog.=) entry.prrelid AND a.attnum OPERATOR(pg_catalog.>) 0
                AND NOT a.attisdropped
                AND entry.prattrs IS NOT NULL
                AND (entry.relreplident OPERATOR(pg_catalog.=) 'f'
                     OR a.attname OPERATOR(pg_catalog.=) ANY (identity.columns)
                        AND a.attnum OPERATOR(pg_catalog.<>) ALL (entry.prattrs::pg_catalog.int2[]))
              ORDER BY a.attnum) AS unlisted,
       -- Generated columns of the replica identity that are not published (PostgreSQL 18).
       ARRAY(SELECT a.attname::pg_catalog.text
               FROM pg_catalog.pg_attribute a
               JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) a.attrelid
              WHERE a.attrelid OPERATOR(pg_catalog.=) published.oid AND a.attnum OPERATOR(pg_catalog.>) 0
                AND NOT a.attisdropped AND a.attgenerated OPERATOR(pg_catalog.<>) ''
                AND entry.prattrs IS NULL
                AND pg_catalog.to_jsonb(p.*) OPERATOR(pg_catalog.->>) 'pubgencols' OPERATOR(pg_catalog.=) 'n'
                AND (c.relreplident OPERATOR(pg_catalog.=) 'f' OR a.attname OPERATOR(pg_catalog.=) ANY (identity.columns))
              ORDER BY a.attnum) AS generated
  FROM published
  JOIN pg_catalog.pg_publication p ON p.oid OPERATOR(pg_catalog.=) published.publication
  LEFT JOIN entry ON entry.oid OPERATOR(pg_catalog.=) published.oid AND entry.publication OPERATOR(pg_catalog.=) p.oid
  LEFT JOIN identity ON identity.oid OPERATOR(pg_catalog.=) published.oid
 ORDER BY published.oid, p.pubname
