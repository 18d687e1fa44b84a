-- What would keep tables from being dropped, as clauses by table; a partition counts as already detached. What goes with a table
-- is followed as DROP does it: its partitions, and whatever depends on them automatically or internally, such as sequences that
-- its columns own. Keys of other tables that reference the parent of a partition are cloned for it, and go with the detach.
-- Parameters: array of the oids; whether rows are to be read before they go.
WITH RECURSIVE asked AS (
    SELECT oid FROM pg_catalog.unnest(CAST(? AS pg_catalog.oid[])) AS wanted (oid)
), demand AS (
    SELECT CAST(? AS boolean) AS reads
), dropped AS (
    SELECT oid AS top, oid FROM asked
     UNION
    SELECT asked.oid, tree.relid FROM asked, LATERAL pg_catalog.pg_partition_tree(asked.oid) tree
), gone (top, classid, objid) AS (
    SELECT top, 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, oid FROM dropped
     UNION
    SELECT gone.top, d.classid, d.objid
      FROM gone
      JOIN pg_catalog.pg_depend d ON d.refclassid OPERATOR(pg_catalog.=) gone.classid
                                 AND d.refobjid OPERATOR(pg_catalog.=) gone.objid
     WHERE d.deptype OPERATOR(pg_catalog.=) ANY (CAST('{a,i,P,S}' AS pg_catalog."char"[]))
), obstacle (oid, clause) AS (
    SELECT gone.top,
           CASE WHEN r.oid IS NOT NULL
                THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, r.ev_class, 0)
                ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END
           OPERATOR(pg_catalog.||) ' depends on '
           OPERATOR(pg_catalog.||)
           CASE WHEN EXISTS (SELECT FROM dropped WHERE dropped.oid OPERATOR(pg_catalog.=) gone.objid)
                THEN 'it'
                ELSE pg_catalog.pg_describe_object(gone.classid, gone.objid, 0) OPERATOR(pg_catalog.||) ', which goes with it'
           END
      FROM gone
      JOIN pg_catalog.pg_depend d ON d.refclassid OPERATOR(pg_catalog.=) gone.classid
                                 AND d.refobjid OPERATOR(pg_catalog.=) gone.objid
      LEFT JOIN pg_catalog.pg_rewrite r ON d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_rewrite'::pg_catalog.regclass
                                       AND r.oid OPERATOR(pg_catalog.=) d.objid
      LEFT JOIN pg_catalog.pg_constraint k ON d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_constraint'::pg_catalog.regclass
                                          AND k.oid OPERATOR(pg_catalog.=) d.objid
     WHERE d.deptype OPERATOR(pg_catalog.=) 'n'
       AND (k.oid IS NULL OR k.conparentid OPERATOR(pg_catalog.=) 0)
       AND NOT EXISTS (SELECT FROM gone own
                        WHERE own.top OPERATOR(pg_catalog.=) gone.top
                          AND own.classid OPERATOR(pg_catalog.=) d.classid
                          AND own.objid OPERATOR(pg_catalog.=) d.objid)
     UNION
    SELECT gone.top,
           'extension ' OPERATOR(pg_catalog.||) pg_catalog.quote_ident(e.extname) OPERATOR(pg_catalog.||) ' requires '
           OPERATOR(pg_catalog.||) pg_catalog.pg_describe_object(gone.classid, gone.objid, 0)
      FROM gone
      JOIN pg_catalog.pg_depend d ON d.classid OPERATOR(pg_catalog.=) gone.classid
                                 AND d.objid OPERATOR(pg_catalog.=) gone.objid
                                 AND d.deptype OPERATOR(pg_catalog.=) 'e'
      JOIN pg_catalog.pg_extension e ON e.oid OPERATOR(pg_catalog.=) d.refobjid
     UNION
    SELECT dropped.top, 'a subscription is still copying ' OPERATOR(pg_catalog.||) CAST(dropped.oid::pg_catalog.regclass AS text)
      FROM dropped
      JOIN pg_catalog.pg_subscription_rel s ON s.srrelid OPERATOR(pg_catalog.=) dropped.oid
     WHERE s.srsubstate OPERATOR(pg_catalog.<>) 'r'
     UNION
    SELECT asked.oid, 'role ' OPERATOR(pg_catalog.||) pg_catalog.quote_ident(current_user)
                      OPERATOR(pg_catalog.||) ' does not own it'
      FROM asked
      JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) asked.oid
     WHERE NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
     UNION
    SELECT asked.oid, 'role ' OPERATOR(pg_catalog.||) pg_catalog.quote_ident(current_user)
                      OPERATOR(pg_catalog.||) ' may not read it, and what was written into it after it is detached is looked for'
      FROM asked, demand
     WHERE demand.reads AND NOT pg_catalog.has_table_privilege(asked.oid, 'SELECT')
     UNION
    SELECT asked.oid, 'row security hides its rows from role ' OPERATOR(pg_catalog.||) pg_catalog.quote_ident(current_user)
      FROM asked, demand
     WHERE demand.reads AND pg_catalog.row_security_active(asked.oid)
)
SELECT CAST(oid AS bigint) AS oid, clause FROM obstacle ORDER BY oid, clause
