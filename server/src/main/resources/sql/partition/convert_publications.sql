-- Publications that name the table, its schema, or all tables. Parameters: oid of the table.
-- pg_publication_tables tells columns and row filter from Postgres 15 on; before there are none.
SELECT p.pubname                                        AS name,
       p.puballtables OR r.prrelid IS NULL              AS by_itself,
       p.pubviaroot                                     AS via_root,
       pg_catalog.pg_has_role(p.pubowner, 'USAGE')      AS may_act,
       t.row ->> 'rowfilter'                            AS filter,
       CASE WHEN (SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '')
                 > pg_catalog.jsonb_array_length(t.row -> 'attnames')
            THEN ARRAY(SELECT pg_catalog.jsonb_array_elements_text(t.row -> 'attnames')) END AS columns
  FROM pg_catalog.pg_publication p
  JOIN pg_catalog.pg_class c ON c.oid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid AND r.prrelid = c.oid
  LEFT JOIN LATERAL (SELECT pg_catalog.to_jsonb(x) AS row
                       FROM pg_catalog.pg_publication_tables x
                      WHERE r.prrelid IS NOT NULL AND x.pubname = p.pubname AND x.schemaname = n.nspname
                        AND x.tablename = c.relname) t ON true
 WHERE p.puballtables OR r.prrelid IS NOT NULL
    OR EXISTS (SELECT FROM pg_catalog.pg_publication_tables x
                WHERE r.prrelid IS NULL AND x.pubname = p.pubname AND x.schemaname = n.nspname AND x.tablename = c.relname)
 ORDER BY p.pubname
