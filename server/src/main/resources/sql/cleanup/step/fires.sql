-- Whether anything fires when rows of the table are deleted: triggers of users, and those of foreign keys that reference it.
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger
                WHERE tgrelid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)
                  AND tgenabled OPERATOR(pg_catalog.<>) 'D'
                  AND (tgtype OPERATOR(pg_catalog.&) 8::pg_catalog.int2) OPERATOR(pg_catalog.<>) 0) AS fires
