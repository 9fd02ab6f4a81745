-- Replies to requests that carried an Idempotency-Key: a repeated request is done once, also after a restart.
-- Written by apps (PostgresJournal); `key` and `caller` are digests and name nobody.
create table reply (
    key        bytea       primary key check (octet_length(key) = 32),
    caller     bytea       not null check (octet_length(caller) = 32),
    content    bytea       not null check (octet_length(content) = 32),
    at         timestamptz not null,
    status     integer     not null,
    media_type text        not null,
    body       bytea       not null check (octet_length(body) <= 65536)
);
create index reply_age on reply (at);
