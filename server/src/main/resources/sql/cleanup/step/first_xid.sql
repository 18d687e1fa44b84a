-- Our transaction id, given out now if it was not before, and whether every lower one had ended by then: the snapshot is
-- older than the id, and only transactions that have not ended hold its xmin back.
SELECT CAST(CAST(pg_catalog.pg_current_xact_id() AS pg_catalog.text) AS bigint) AS xid,
       pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())
           OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id() AS alone
