-- Whether a valid b-tree over all rows leads with a column. Parameters: oid of the table, name of the column.
SELECT EXISTS (SELECT
                 FROM pg_catalog.pg_index x
                 JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
                 JOIN pg_catalog.pg_am m ON m.oid = i.relam AND m.amname = 'btree'
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
                WHERE x.indrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid AND a.attname = ?
                  AND x.indisvalid AND x.indpred IS NULL)
