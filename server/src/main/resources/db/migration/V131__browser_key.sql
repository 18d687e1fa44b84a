-- The key that sessions of browsers are sealed with, the same on all servers. Who deletes the row has everybody sign in again
-- when the servers start next.
CREATE TABLE caretaker.browser_key (
    one         boolean     PRIMARY KEY DEFAULT true CHECK (one),
    secret      bytea       NOT NULL,
    create_time timestamptz NOT NULL DEFAULT now()
);
