package dev.caretaker.server.api;

/** Statements that make a schema shop with one of everything that a backup holds, and some rows. */
final class OneOfEverything {
    static final long ROWS = 500 + 3000 + 1000 + 1 + 1;

    static final String[] STATEMENTS = {
        "CREATE SCHEMA shop",
        "CREATE TYPE shop.mood AS ENUM ('good', 'so so', 'bad')",
        "CREATE DOMAIN shop.price AS numeric(12, 2) CHECK (VALUE >= 0)",
        "CREATE FUNCTION shop.twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2'",
        "REVOKE ALL ON FUNCTION shop.twice(int) FROM PUBLIC",
        "CREATE TABLE shop.customer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,"
                + " mood shop.mood DEFAULT 'good', doubled int GENERATED ALWAYS AS (shop.twice(4)) STORED, favourite bigint)",
        "CREATE TABLE shop.\"Odd \"\"Orders\" (id serial PRIMARY KEY, customer bigint REFERENCES shop.customer DEFERRABLE"
                + " INITIALLY DEFERRED, price shop.price, at timestamptz, days int4range, raw bytea, doc jsonb, tags text[],"
                + " ratio double precision, took interval, CHECK (id > 0))",
        "ALTER TABLE shop.customer ADD FOREIGN KEY (favourite) REFERENCES shop.\"Odd \"\"Orders\"",
        "CREATE INDEX ON shop.\"Odd \"\"Orders\" (at) WHERE price > 5",
        "CREATE TABLE shop.event (id bigint, at date, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
        "CREATE TABLE shop.event_1 PARTITION OF shop.event FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
        "CREATE TABLE shop.event_2 PARTITION OF shop.event FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
        "CREATE TABLE shop.event_d PARTITION OF shop.event DEFAULT",
        "CREATE INDEX event_note ON shop.event (note)",
        "CREATE UNLOGGED TABLE shop.cache (k text PRIMARY KEY, v text)",
        "CREATE TABLE shop.nothing ()",
        "CREATE VIEW shop.good AS SELECT id, name FROM shop.customer WHERE mood = 'good'",
        "CREATE MATERIALIZED VIEW shop.totals AS SELECT customer, sum(price) AS total FROM shop.\"Odd \"\"Orders\""
                + " GROUP BY customer",
        "CREATE UNIQUE INDEX ON shop.totals (customer)",
        "CREATE FUNCTION shop.stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := NEW.note || '!';"
                + " RETURN NEW; END $$",
        "CREATE TRIGGER stamp BEFORE INSERT ON shop.event FOR EACH ROW EXECUTE FUNCTION shop.stamp()",
        "COMMENT ON TABLE shop.customer IS 'who''s who'",
        "COMMENT ON COLUMN shop.customer.mood IS 'today'",
        "INSERT INTO shop.customer (name, mood) SELECT 'name ' || n, 'bad' FROM generate_series(1, 500) n",
        "INSERT INTO shop.\"Odd \"\"Orders\" (customer, price, at, days, raw, doc, tags, ratio, took)"
                + " SELECT 1 + n % 500, n / 7.0, '2026-01-01'::timestamptz + n * interval '1 h 1 s', int4range(n, n + 5),"
                + " CASE WHEN n % 3 = 0 THEN NULL ELSE sha256(n::text::bytea) END, jsonb_build_object('n', n, 'x', NULL),"
                + " ARRAY['a', NULL, '', 'c,\"d', E'line\\nbreak'], n / 3.0::float8, n * interval '1 day 1 s'"
                + " FROM generate_series(1, 3000) n",
        "UPDATE shop.customer SET favourite = id",
        "INSERT INTO shop.event SELECT n, '2026-01-15'::date + n % 60, CASE WHEN n % 2 = 0 THEN '' END"
                + " FROM generate_series(1, 1000) n",
        "INSERT INTO shop.cache VALUES ('a', 'b')",
        "INSERT INTO shop.nothing DEFAULT VALUES",
        "REFRESH MATERIALIZED VIEW shop.totals",
        "SELECT lo_from_bytea(0, 'large')",
    };

    private OneOfEverything() {}
}
