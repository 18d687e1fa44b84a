-- What @storage_parameters@ stands for: the storage parameters of the relation c, and their values as numbers where they are
-- some. Postgres keeps them as they were written. It takes hexadecimal numbers, whole or with a fraction, and reads a whole
-- number that begins with 0 as octal, and rounds, where the parameter is an integer, as all are but factors, rates and delays.
SELECT s.option_name, s.option_value,
       CASE WHEN s.option_value ~ '^\s*[-+]?0[0-7]+\s*$' AND s.option_name !~ '_(factor|rate|delay)$'
            THEN (SELECT pg_catalog.sum(d.digit::float8 * 8 ^ (d.place - 1))
                    FROM pg_catalog.unnest(pg_catalog.string_to_array(
                             pg_catalog.reverse(pg_catalog.regexp_replace(s.option_value, '[^0-7]', '', 'g')), NULL))
                         WITH ORDINALITY AS d (digit, place))
                 * CASE WHEN s.option_value ~ '-' THEN -1 ELSE 1 END
            WHEN s.option_value ~* '^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]{1,2})?\s*$'
              OR s.option_value ~* '^\s*[-+]?0x([0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)(p[-+]?[0-9]{1,2})?\s*$'
            THEN CASE WHEN s.option_name ~ '_(factor|rate|delay)$' THEN s.option_value::float8
                      ELSE pg_catalog.round(s.option_value::float8) END END AS number
FROM pg_catalog.pg_options_to_table(c.reloptions) s
