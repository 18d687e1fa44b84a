-- Who holds the fence of a relation, or of the whole database: parameters are the class and the oid.
SELECT holder.pid, holder.application_name, holder.backend_start,
       (SELECT pg_catalog.concat(schema.nspname, '.', relation.relname)
          FROM pg_catalog.pg_class relation
          JOIN pg_catalog.pg_namespace schema ON schema.oid = relation.relnamespace
         WHERE relation.oid = fence.objid)                      AS relation,
       fence.objid = fence.database                             AS whole
  FROM pg_catalog.pg_locks fence
  JOIN pg_catalog.pg_stat_activity holder ON holder.pid = fence.pid
 WHERE fence.locktype = 'advisory'
   AND fence.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
   AND fence.classid = CAST(? AS bigint)::oid
   AND fence.objid = CAST(? AS bigint)::oid
   AND fence.objsubid = 2
   AND fence.granted
