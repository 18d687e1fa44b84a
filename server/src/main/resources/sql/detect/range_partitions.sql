-- What @range_partitions@ stands for in a check: partitions that hold a range of one time or number, under the type's own
-- order, with both ends as text and in one unit for each type: seconds since the epoch for times (those without a zone are
-- taken as UTC), the number itself for numbers. No end is out of reach: MINVALUE, MAXVALUE and infinite values are infinite,
-- NaN lies where numeric has it. "remote" is where a range begins that is none of the table's rhythm but holds values that
-- stand for "for ever": a century from now, or the last hundredth of an integer type.
SELECT r.parent, r.partition, r.type, r.column_name, r.timed, r.ends_at_type, r.starts_text, r.ends_text, p.starts, p.ends,
       CASE WHEN r.timed THEN p.starts >= extract(epoch FROM clock_timestamp()) + 36525 * 86400.0
            WHEN r.largest IS NOT NULL THEN p.starts >= 0.99 * r.largest
            ELSE p.starts = 'Infinity' END AS remote
FROM (
    SELECT b.*, l.largest, b.ends_text = l.largest::text AS ends_at_type
    FROM (
        SELECT h.inhparent AS parent, h.inhrelid AS partition, o.opcintype AS type, a.attname AS column_name,
               o.opcintype IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype) AS timed,
               btrim(m.bound[1], '''') AS starts_text, btrim(m.bound[2], '''') AS ends_text
        FROM pg_inherits h
        JOIN pg_class c ON c.oid = h.inhrelid
        JOIN pg_partitioned_table p ON p.partrelid = h.inhparent AND p.partstrat = 'r' AND p.partnatts = 1
        JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] AND a.attnum <> 0
        -- a domain's class is that of its base type
        JOIN pg_opclass o ON o.oid = p.partclass[0] AND o.opcdefault
        CROSS JOIN LATERAL (
            SELECT regexp_match(pg_get_expr(c.relpartbound, 0), '^FOR VALUES FROM \((.*)\) TO \((.*)\)$') AS bound) m
        WHERE NOT h.inhdetachpending
          AND m.bound IS NOT NULL
          AND o.opcintype IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype,
                              'int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)) b
    CROSS JOIN LATERAL (
        SELECT CASE b.type WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647
                           WHEN 'int8'::regtype THEN 9223372036854775807 END AS largest) l) r
CROSS JOIN LATERAL (
    SELECT max(e.position) FILTER (WHERE e.place = 1) AS starts, max(e.position) FILTER (WHERE e.place = 2) AS ends
    FROM (
        SELECT t.place,
               CASE WHEN t.bound IN ('MINVALUE', '-infinity', '-Infinity') THEN '-Infinity'::numeric
                    WHEN t.bound IN ('MAXVALUE', 'infinity', 'Infinity', 'NaN') THEN 'Infinity'::numeric
                    -- dates go beyond timestamps
                    WHEN r.type = 'date'::regtype THEN (t.bound::date - '1970-01-01'::date) * 86400::numeric
                    WHEN r.type = 'timestamp'::regtype THEN extract(epoch FROM t.bound::timestamp)
                    WHEN r.timed THEN extract(epoch FROM t.bound::timestamptz)
                    ELSE t.bound::numeric END AS position
        FROM (VALUES (1, r.starts_text), (2, r.ends_text)) AS t (place, bound)) e) p
