-- A person's keyring, closed under the account's master key, whose wrapped forms lie on the key server: nothing here
-- opens it or tests a guess. `access`: SHA-256 of what only holders of the master key can derive.
create table keyring (
    person  text        primary key,
    number  bigint      not null check (number > 0),
    access  text        not null check (length(access) = 64),
    content bytea       not null check (octet_length(content) between 1 and 262144),
    at      timestamptz not null
);
