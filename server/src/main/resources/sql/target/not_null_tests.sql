-- What @not_null_tests@ stands for: whether the condition of the partial index i asks nothing but that columns be not NULL,
-- however it is written. Its tree needs no lock and no name to be read.
pg_catalog.regexp_replace(i.indpred::pg_catalog.text,
    '\{NULLTEST :arg \{VAR :varno 1 [^{}]*\} :nulltesttype 1 [^{}]*\}'
    '|\{BOOLEXPR :boolop not :args \(\{NULLTEST :arg \{VAR :varno 1 [^{}]*\} :nulltesttype 0 [^{}]*\}\)[^{}]*\}',
    '', 'g') !~ '\{(?!BOOLEXPR :boolop and )'
