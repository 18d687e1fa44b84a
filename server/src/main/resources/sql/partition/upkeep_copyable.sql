-- Why the rows of a table cannot be copied block by block; NULL if they can. Parameters: its oid.
SELECT CASE WHEN c.relkind OPERATOR(pg_catalog.=) 'p' THEN 'it has partitions of its own'
            WHEN c.relkind OPERATOR(pg_catalog.<>) 'r' THEN 'it is no plain table'
            WHEN m.amname OPERATOR(pg_catalog.<>) 'heap' THEN 'its rows are kept by the access method ' || m.amname
            WHEN pg_catalog.row_security_active(c.oid) THEN 'row security would hide rows from the role'
       END AS objection
FROM pg_catalog.pg_class c
LEFT JOIN pg_catalog.pg_am m ON m.oid OPERATOR(pg_catalog.=) c.relam
WHERE c.oid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)
