-- Our transaction id, null if we wrote nothing, and the highest id that has ended: a snapshot's xmax is the one after it.
SELECT CAST(CAST(pg_catalog.pg_current_xact_id_if_assigned() AS pg_catalog.text) AS bigint) AS own,
       CAST(CAST(pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()) AS pg_catalog.text) AS bigint)
           OPERATOR(pg_catalog.-) 1 AS ended
