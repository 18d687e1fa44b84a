-- Triggers that somebody made. Parameter: oid of the table.
SELECT t.tgname                                         AS name,
       pg_catalog.pg_get_triggerdef(t.oid)              AS definition,
       t.tgenabled                                      AS enabled,
       (t.tgtype & 1) = 1                               AS each_row,
       t.tgoldtable IS NOT NULL OR t.tgnewtable IS NOT NULL AS transitions,
       (t.tgtype & 2) = 2                               AS before,
       (SELECT pg_catalog.array_agg(a.attname::pg_catalog.text ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a
         WHERE a.attrelid = t.tgrelid AND a.attnum > 0 AND NOT a.attisdropped
           AND CASE WHEN a.attname ~ '^\w+$' THEN p.prosrc ~* ('\m' || a.attname || '\M')
                    ELSE pg_catalog.strpos(p.prosrc, a.attname) > 0 END) AS mentions
  FROM pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
 WHERE t.tgrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid AND NOT t.tgisinternal
 ORDER BY t.tgname
