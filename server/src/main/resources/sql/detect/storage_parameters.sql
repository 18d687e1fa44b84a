-- What @storage_parameters@ stands for in a check: the storage parameters of the relation c, and their values as numbers
-- where they are some. Postgres keeps them as they were written, and takes hexadecimal integers too.
SELECT s.option_name, s.option_value,
       CASE WHEN s.option_value ~* '^\s*0x[0-9a-f]{1,8}\s*$'
            THEN ('x' || lpad(substr(btrim(s.option_value), 3), 8, '0'))::bit(32)::int::float8
            WHEN s.option_value ~* '^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]{1,2})?\s*$'
            THEN s.option_value::float8 END AS number
FROM pg_options_to_table(c.reloptions) s
