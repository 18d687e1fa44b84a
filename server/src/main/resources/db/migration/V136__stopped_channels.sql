-- Channels whose receiver said that it is gone: nothing but a test of them is attempted.
CREATE TABLE caretaker.channel_stop (
    channel  text        PRIMARY KEY,
    stopped  timestamptz NOT NULL,
    -- a clause
    reason   text        NOT NULL,
    -- hash of the URL: at another one is another receiver
    receiver text        NOT NULL
);
