-- Whether a table has a valid check constraint of exactly this text.
SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint con
                WHERE con.conrelid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)
                  AND con.contype OPERATOR(pg_catalog.=) 'c'
                  AND con.convalidated
                  AND pg_catalog.pg_get_expr(con.conbin, con.conrelid) OPERATOR(pg_catalog.=) ?)
