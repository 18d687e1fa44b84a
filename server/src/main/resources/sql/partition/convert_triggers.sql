-- Triggers that somebody made. Parameter: oid of the table.
SELECT t.tgname                                         AS name,
       pg_catalog.pg_get_triggerdef(t.oid)              AS definition,
       t.tgenabled                                      AS enabled,
       (t.tgtype & 1) = 1                               AS each_row,
       t.tgoldtable IS NOT NULL OR t.tgnewtable IS NOT NULL AS transitions
  FROM pg_catalog.pg_trigger t
 WHERE t.tgrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid AND NOT t.tgisinternal
 ORDER BY t.tgname
