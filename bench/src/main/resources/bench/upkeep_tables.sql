-- current_setting('bench.tables') tables of current_setting('bench.rows') rows each, with three indexes, owned by the role
-- that looks after them. Every fifth row is dead, on every page.
DO $$
DECLARE
    name text;
BEGIN
    PERFORM setseed(0.2026);
    FOR number IN 1 .. current_setting('bench.tables')::int LOOP
        name := 'job_' || number;
        EXECUTE format('CREATE TABLE %I (id bigint NOT NULL, ref uuid NOT NULL, status int NOT NULL,
                                         created timestamptz NOT NULL, n int NOT NULL, payload text)
                          WITH (fillfactor = 90)', name);
        EXECUTE format('INSERT INTO %I
                        SELECT i, md5(i::text)::uuid, i %% 7, now() - (i || '' seconds'')::interval, 0,
                               repeat(md5(random()::text), 4 + (random() * 4)::int)
                          FROM generate_series(1, current_setting(''bench.rows'')::bigint) i', name);
        EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (id)', name);
        EXECUTE format('CREATE INDEX %I ON %I (ref)', name || '_ref', name);
        EXECUTE format('CREATE INDEX %I ON %I (status, created)', name || '_status_created', name);
        EXECUTE format('ANALYZE %I', name);
        EXECUTE format('DELETE FROM %I WHERE id %% 5 = 0', name);
        EXECUTE format('ALTER TABLE %I OWNER TO %I', name, current_setting('bench.owner'));
    END LOOP;
END
$$;
