-- Tables of the sample data: each once, partitioned ones as a whole.
SELECT n.nspname                                              AS schema,
       c.relname                                              AS name,
       (SELECT count(*) FROM pg_inherits i WHERE i.inhparent = c.oid) AS partitions
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p')
   AND NOT c.relispartition
   AND n.nspname NOT IN ('pg_catalog', 'information_schema')
 ORDER BY n.nspname, c.relname
